/**
 * Somebody who walks away leaves nothing: after a while without a touch the screen asks, and then wipes (WCAG 2.2.1).
 *
 * Invariant: whoever is asked has twenty seconds, and one touch goes on, as often as they like.
 */

/** Seconds to answer. */
const WARNING = 20;

export class Idle {
  /** `seconds()`: how long without a touch; `warn(left)`: asked, or undefined when somebody is there; `wipe()`: nobody was. */
  constructor({ seconds, warn, wipe }) {
    Object.assign(this, { seconds, warn, wipe });
    this.left = undefined;
  }

  /** Somebody is there. */
  touched() {
    if (this.left !== undefined) this.warn(undefined);
    this.left = undefined;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.count(WARNING), this.seconds() * 1000);
  }

  stop() {
    clearTimeout(this.timer);
    this.left = undefined;
  }

  get asks() {
    return this.left !== undefined;
  }

  count(left) {
    this.left = left;
    if (left === 0) return this.wipe();
    this.warn(left);
    this.timer = setTimeout(() => this.count(left - 1), 1000);
  }
}
