/**
 * Hands in what the screen holds, as soon as there is a way: for the page, and for the worker where no page is open.
 *
 * In scope: order, batches, what is forgotten when. Out of scope: what an entry says; when to try (`kiosk.js`, `sw.js`).
 *
 * Invariant: an entry is forgotten only when the collector says that its number is used up.
 */

import { Sender } from "kiosk-glue";
import { publicText, random, sign } from "./key.js";

/** Entries in one request. */
const BATCH = 50;
/** Milliseconds until an answer is no longer waited for. */
const PATIENCE = 30_000;

/** What sends for the kiosk that the device is; nothing where it is none. */
export async function senderOf(store) {
  const [setting, pair] = [await store.get("setting"), await store.get("pair")];
  return setting && pair ? Sender.of(setting, await publicText(pair)) : undefined;
}

export class Sync {
  /**
   * `told`: called after each answer with what it says; `ended`: called with the problem when this kiosk counts no more;
   * `language`: gives the tag in which problems are said; `stop`: ends it early.
   */
  constructor({ store, told, ended, language, stop }) {
    Object.assign(this, { store, told, ended, language, stop });
    this.running = undefined;
  }

  /** Sends all there is; one at a time, and once more if somebody asks meanwhile. */
  run() {
    this.again = true;
    this.running ??= this.rounds().finally(() => (this.running = undefined));
    return this.running;
  }

  async rounds() {
    while (this.again) {
      this.again = false;
      try {
        while ((await this.batch()) && (await this.store.count()) > 0);
      } catch {
        // No way to the collector: everything stays, and the next occasion tries again.
        return;
      }
    }
  }

  /** One request. Gives whether another one makes sense. */
  async batch() {
    const sender = await senderOf(this.store);
    if (!sender) return false;
    this.pair = await this.store.get("pair");
    const entries = await this.store.first(BATCH);
    const claims = sender.claims(await this.store.count(), Date.now());
    const body = JSON.stringify({ claims: await sign(this.pair, claims), entries: entries.map(([, text]) => text) });
    const headers = { "content-type": "application/json" };
    const patience = AbortSignal.timeout(PATIENCE);
    const signal = this.stop ? AbortSignal.any([patience, this.stop]) : patience;
    const address = `${sender.address()}?lang=${this.language()}`;
    const response = await fetch(address, { method: "POST", headers, body, signal, cache: "no-store" });
    if (response.status === 403 || response.status === 404) {
      const problem = await response.json();
      if (/^kiosk_/.test(problem.code)) await this.ended(problem);
      return false;
    }
    if (!response.ok) return false;
    const answer = await response.json();
    await this.store.forget(answer.next, Date.now());
    const moved = await this.mend(sender, answer, entries);
    await this.store.put({ setting: JSON.stringify(answer.setting) });
    await this.told(answer);
    return moved;
  }

  /** What the collector waits for and is not here, or is damaged, is said to be lost. Gives whether anything moved. */
  async mend(sender, answer, sent) {
    const end = await this.store.next();
    const [first] = await this.store.first(1);
    const held = first?.[0] ?? end;
    for (let number = answer.next; number < held; number++) await this.lose(sender, number);
    const place = sent.findIndex(([number]) => number === answer.next);
    const damaged = ["entry_malformed", "entry_forged", "entry_foreign"].includes(answer.answers[place]?.code);
    if (damaged) await this.lose(sender, answer.next);
    return damaged || held > answer.next || sent.some(([number]) => number < answer.next);
  }

  async lose(sender, number) {
    await this.store.replace(number, await sign(this.pair, sender.lost(number, Date.now(), random(32))));
  }
}
