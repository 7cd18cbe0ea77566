/**
 * What the screen keeps on the device: its setting, its key, and sealed entries until they are sent.
 *
 * In scope: IndexedDB. Out of scope: what is in an entry; it is sealed before it comes here.
 *
 * Invariant: the private key cannot be read out, by this code either; an entry and the number after it are written in one transaction.
 */

const NAME = "vinkje-kiosk";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
  });

export class Store {
  static async open() {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("meta");
      asked.result.createObjectStore("entries");
    };
    return new Store(await done(asked));
  }

  constructor(database) {
    this.database = database;
  }

  /** Writes that are on the disk before anybody is told that they are done. */
  write(stores) {
    return this.database.transaction(stores, "readwrite", { durability: "strict" });
  }

  get(name) {
    return done(this.database.transaction("meta").objectStore("meta").get(name));
  }

  async put(values) {
    const transaction = this.write("meta");
    const meta = transaction.objectStore("meta");
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) meta.delete(name);
      else meta.put(value, name);
    }
    await finished(transaction);
  }

  /** The number of the next entry. */
  async next() {
    return (await this.get("next")) ?? 1;
  }

  /** Keeps a signed entry under its number. */
  async keep(number, text) {
    const transaction = this.write(["meta", "entries"]);
    transaction.objectStore("entries").put(text, number);
    transaction.objectStore("meta").put(number + 1, "next");
    await finished(transaction);
  }

  /** Another text under a number that was used: the one before is damaged or gone. */
  async replace(number, text) {
    const transaction = this.write("entries");
    transaction.objectStore("entries").put(text, number);
    await finished(transaction);
  }

  count() {
    return done(this.database.transaction("entries").objectStore("entries").count());
  }

  /** The first entries that wait: [number, text]. */
  async first(most) {
    const entries = this.database.transaction("entries").objectStore("entries");
    const [numbers, texts] = await Promise.all([done(entries.getAllKeys(null, most)), done(entries.getAll(null, most))]);
    return numbers.map((number, place) => [number, texts[place]]);
  }

  /** Forgets what the collector has: everything below a number. */
  async forget(next, lastSent) {
    const transaction = this.write(["meta", "entries"]);
    transaction.objectStore("entries").delete(IDBKeyRange.upperBound(next, true));
    const meta = transaction.objectStore("meta");
    meta.put(lastSent, "lastSent");
    const known = meta.get("next");
    known.onsuccess = () => {
      if ((known.result ?? 1) < next) meta.put(next, "next");
    };
    await finished(transaction);
  }

  /** It is no kiosk any more: nothing stays. */
  async clear() {
    const transaction = this.write(["meta", "entries"]);
    transaction.objectStore("meta").clear();
    transaction.objectStore("entries").clear();
    await finished(transaction);
  }
}
