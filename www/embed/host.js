/**
 * The host's own sign-up form: its submit records the choices first, then goes on.
 *
 * In scope: holding the submit, recording every widget of the form, letting it go on once, with the same button while it is there.
 * Out of scope: how a choice is recorded (the WASM).
 *
 * Invariant: the sign-up is never blocked by the collector. It waits `WAIT_MS` at most; only a field of the widget
 * itself that a ticked box needs can hold it, like any required field.
 */

/** How long a sign-up waits for the collector before it goes on without a receipt. */
const WAIT_MS = 4000;

const forms = new WeakMap();

/** Adds a widget to a host's form; gives the function that takes it out again. */
export function join(owner, member) {
  const group = forms.get(owner) ?? new Group(owner);
  forms.set(owner, group);
  group.add(member);
  return () => group.remove(member);
}

class Group {
  #owner;
  #members = new Set();
  #listeners;
  #passing = false;
  #held = false;

  constructor(owner) {
    this.#owner = owner;
  }

  add(member) {
    this.#members.add(member);
    if (!this.#listeners) {
      this.#listeners = new AbortController();
      const on = { capture: true, signal: this.#listeners.signal };
      this.#owner.addEventListener("submit", (event) => this.#onSubmit(event), on);
    }
    member.form.enter = () => this.#owner.requestSubmit();
  }

  remove(member) {
    member.form.enter = undefined;
    this.#members.delete(member);
    if (this.#members.size === 0) {
      this.#listeners.abort();
      this.#listeners = undefined;
    }
  }

  #onSubmit(event) {
    if (this.#passing || event.target !== this.#owner) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.#held) return;
    this.#held = true;
    this.#record(event.submitter).finally(() => (this.#held = false));
  }

  async #record(submitter) {
    const members = [...this.#members];
    // Own fields first, in page order: the person is told at the first one that needs something.
    if (!members.every(inOrder)) return;
    await Promise.all(members.map(record));
    // While its submit event is still under way, a form ignores `requestSubmit`.
    await new Promise((resolve) => setTimeout(resolve));
    this.#passing = true;
    try {
      this.#owner.requestSubmit(submitter);
    } catch {
      // The page took the button away meanwhile, or put another in its place.
      this.#owner.requestSubmit();
    } finally {
      this.#passing = false;
    }
  }
}

/** Whether nothing of the widget's own is missing. One that broke down asks for nothing. */
function inOrder({ form, given }) {
  try {
    return !form.widget || form.widget.check(given());
  } catch {
    return true;
  }
}

/**
 * Records one widget's choices, unless they are recorded just so: the host refused the sign-up, and the person tries once more. On any
 * failure the form value is empty, with the link to the hosted form.
 */
async function record(member) {
  const { form, given, settle } = member;
  const timeout = AbortSignal.timeout(WAIT_MS);
  try {
    await Promise.race([form.ready, aborted(timeout)]);
    member.receipt = await Promise.race([form.record(given(), timeout), aborted(timeout)]);
  } catch {
    member.receipt = undefined;
  }
  settle();
}

function aborted(signal) {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
