/**
 * Sends what the screen holds where no page is open.
 *
 * In scope: taking turns with the page. Out of scope: what is sent (`sync.js`).
 *
 * Invariant: the page and the worker never send at once; a page that starts comes first.
 */

import init from "kiosk-glue";
import { Store } from "./store.js";
import { Sync } from "./sync.js";

let stop;

/** Ends what is under way: a page is there. */
export const makeRoom = () => stop?.abort();

/** Sends all there is, with the WASM of this address. Fails when something is left, so that the browser tries again. */
export const sendAlone = (wasm) =>
  navigator.locks.request("vinkje-kiosk", { ifAvailable: true }, async (free) => {
    // A page is open, and sends by itself.
    if (!free) return;
    stop = new AbortController();
    const store = await Store.open();
    if ((await store.count()) === 0) return;
    await init({ module_or_path: (await caches.match(wasm)) ?? fetch(wasm) });
    // What becomes of a kiosk that counts no more is for the page to say.
    const sync = new Sync({ store, told: () => {}, ended: () => {}, language: () => navigator.language, stop: stop.signal });
    await sync.run();
    if ((await store.count()) > 0) throw new Error("something waits");
  });
