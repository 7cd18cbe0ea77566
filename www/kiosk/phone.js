/**
 * A customer's own phone: asks the collector for a link, and then whether somebody has answered.
 *
 * Invariant: what comes back is that somebody answered, and nothing of what.
 */

import { sign } from "./key.js";
import { senderOf } from "./sync.js";

/** Milliseconds between two questions. */
const ASK_EVERY = 2_000;
/** Milliseconds until an answer is no longer waited for. */
const PATIENCE = 10_000;

export class Phone {
  /** `changed`: called when the screen is another. */
  constructor({ store, pair, kiosk, changed }) {
    Object.assign(this, { store, pair, kiosk, changed });
  }

  /** Gets a link. Where there is no way to the collector, the screen says so. */
  async begin() {
    const claims = this.kiosk.phone_claims(Date.now());
    const body = JSON.stringify({ claims: await sign(this.pair, claims) });
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(PATIENCE);
    let answer;
    try {
      const sender = await senderOf(this.store);
      const response = await fetch(`${sender.address()}/phone`, { method: "POST", headers, body, signal, cache: "no-store" });
      if (response.ok) answer = await response.text();
    } catch {
      // No network.
    }
    const url = this.kiosk.phone_link(answer);
    clearInterval(this.timer);
    if (url) this.timer = setInterval(() => this.ask(url), ASK_EVERY);
  }

  async ask(url) {
    if (!this.kiosk.waits_for_phone()) return clearInterval(this.timer);
    try {
      const response = await fetch(`${new URL(url).pathname}/state`, { signal: AbortSignal.timeout(PATIENCE), cache: "no-store" });
      if (response.ok && this.kiosk.phone_state(await response.text())) this.changed();
    } catch {
      // Asked again in a moment.
    }
  }
}
