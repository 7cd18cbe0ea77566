/**
 * One form on a page: shows what the server rendered, lets the WASM take it over, hands events on.
 *
 * In scope: the life of one form in one container (a shadow root, or the hosted page's element).
 * Out of scope: the custom element (`host.js`, `define.js`), what an answer means (the WASM and the collector).
 *
 * The build knows `vinkje-glue` as the output of wasm-bindgen, and `VINKJE_WASM` as the WASM that belongs to it; its address and hash
 * in the pinned loader only.
 *
 * Invariant: nothing here sets `checked`; a box is ticked by the person or not at all.
 */

import * as ownGlue from "vinkje-glue";

const shared = (globalThis[Symbol.for("vinkje")] ??= { bundles: new Map(), waiting: new Set(), runtimes: new Map() });

/** Bundles that loaders brought, by form, and elements that wait for one. Several loaders share it. */
export const registry = shared;

/** Markup from the collector. Hosts with `require-trusted-types-for 'script'` get it through one named policy. */
export function fragment(html) {
  if (globalThis.trustedTypes && !shared.policy) {
    shared.policy = trustedTypes.createPolicy("vinkje", { createHTML: (text) => text });
  }
  const template = document.createElement("template");
  template.innerHTML = shared.policy ? shared.policy.createHTML(html) : html;
  return template.content;
}

/**
 * The glue and the WASM of a bundle; once per build on a page. A loader brings the glue of its own build along. A form
 * of another build (the collector was renewed meanwhile) gets its own.
 */
function load(bundle, pinned) {
  const own = pinned || bundle.build === VINKJE_WASM.build;
  const build = own ? VINKJE_WASM.build : bundle.build;
  const known = shared.runtimes.get(build);
  if (known) return known;
  const glue = own ? ownGlue : import(bundle.glue);
  const wasm = own ? ownWasm(bundle, pinned) : fetch(bundle.wasm);
  const runtime = Promise.all([glue, wasm]).then(async ([module, response]) => {
    await module.default({ module_or_path: response });
    return module;
  });
  shared.runtimes.set(build, runtime);
  // A later form on the page may try again.
  runtime.catch(() => shared.runtimes.delete(build));
  return runtime;
}

/**
 * A snippet names the WASM by an address that stays (`preload`), so it is here by now; the answer says of which build.
 * The fetch must be as plain as the preload, or the browser asks twice. Pinned loaders hold theirs to its hash instead.
 */
async function ownWasm(bundle, pinned) {
  if (pinned) return fetch(new URL(VINKJE_WASM.url, pinned), { integrity: VINKJE_WASM.integrity, credentials: "omit" });
  const early = await fetch(new URL("../vinkje.wasm", bundle.wasm));
  return early.headers.get("vinkje-build") === VINKJE_WASM.build ? early : fetch(bundle.wasm);
}

/** Fetches a form's bundle afresh. */
export async function fetchBundle(action, language) {
  const url = new URL(action, location.href);
  url.pathname += "/fragment";
  if (language) url.searchParams.set("lang", language);
  const response = await fetch(url, { credentials: "omit", cache: "no-store" });
  if (!response.ok) throw new Error(`vinkje: form not available (${response.status})`);
  return response.json();
}

/**
 * Puts a nonce into a form that goes without WASM: a loader is the same for everybody for half a minute. It stays while the form stands,
 * so the same answer sent twice is one receipt (decision 0002).
 */
function tellApart(form) {
  if (form.elements.nonce) return;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const value = btoa(String.fromCharCode(...bytes)).slice(0, 22).replace(/\W/g, "-");
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "nonce", value }));
}

/** One form in a container. `tell(name, detail)` gets its events, and `shown` after each change of its markup. */
export class Form {
  #container;
  #pinned;
  #tell;
  #bundle;
  #widget;
  #module;
  #listeners;
  #broken;
  #settle;
  #receipt;
  #earlier;
  #said;
  /** In a host's own form: what Enter in a box or field does instead of sending the form here. */
  enter;
  /** Fulfilled when the WASM has taken over; rejected when it cannot. */
  ready;

  constructor(container, pinned, tell) {
    this.#container = container;
    this.#pinned = pinned;
    this.#tell = tell;
  }

  get bundle() {
    return this.#bundle;
  }

  get widget() {
    return this.#widget;
  }

  /** The server-rendered part that the WASM takes over. */
  get root() {
    return this.#container.querySelector("[data-vinkje-root]");
  }

  get wrapper() {
    return this.#container.querySelector(".vinkje");
  }

  /** How many boxes are ticked now. */
  get ticked() {
    return this.#container.querySelectorAll("input[name=ticked]:checked").length;
  }

  /**
   * Shows a form. With `rendered`, it stands in the container already (hosted page). With `same`, for the same person as before: the
   * next answer then stands instead of those that were given under the other words.
   */
  show(bundle, rendered, same) {
    this.#earlier = same && (this.#widget?.answers() ?? this.#earlier);
    this.close();
    this.#broken = false;
    this.#bundle = bundle;
    if (!rendered) this.#container.replaceChildren(...this.#kept(), fragment(bundle.html));
    this.#tell("shown", {});
    this.#listeners = new AbortController();
    const on = { signal: this.#listeners.signal, capture: true };
    this.#container.addEventListener("submit", (event) => this.#onSubmit(event), on);
    this.#container.addEventListener("click", (event) => this.#onClick(event), on);
    this.#container.addEventListener("change", (event) => this.#onChange(event), on);
    this.ready = this.#takeOver(this.#listeners.signal);
    this.ready.catch(() => {});
    return this;
  }

  /** Ends the form: no listener, no node, no running WASM of it is left. */
  close() {
    this.#listeners?.abort();
    this.#listeners = undefined;
    if (this.#widget) this.#module.unmount(this.#widget);
    this.#widget = undefined;
  }

  /** Sends the answer with contact data from elsewhere, unless it is recorded just so; fulfilled with the receipt's id. */
  record(given, signal) {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      if (!this.#widget.record(given, signal)) resolve(this.#receipt);
    });
  }

  /** Says something before or after the form, in place of what it said last; without words it says nothing any more. */
  say(where, words, link) {
    this.#said?.remove();
    if (!words) return;
    this.#said = document.createElement("p");
    Object.assign(this.#said, { className: "said", role: "alert", part: "problem", textContent: words });
    this.wrapper[where](this.#said);
    if (link) this.#said.append(" ", link);
  }

  /** Shows the form in another language. Boxes start empty: a tick belongs to the words it was made under. */
  async translate(language) {
    const bundle = await fetchBundle(this.#bundle.view.action, language);
    if (!this.#listeners) return;
    this.show(bundle, false, true);
    this.#container.querySelector("[data-vinkje-lang][aria-current]")?.focus();
  }

  /** Style elements of the container stay when its form is replaced. */
  #kept() {
    return [...this.#container.children].filter((child) => child.matches("style, link"));
  }

  async #takeOver(signal) {
    try {
      this.#module = await load(this.#bundle, this.#pinned);
      if (signal.aborted) return;
      this.#widget = this.#module.hydrate(this.root, this.#bundle.view, this.#lend(), this.#earlier);
      this.#tell("ready", {});
    } catch (error) {
      if (!signal.aborted) {
        // The form is a real form: without WASM it is sent as one.
        this.#broken = true;
        // For the site owner: a strict policy or a blocked host shows here.
        console.warn("vinkje: the form works, but without its WASM:", error);
        this.#tell("error", { code: "wasm_unavailable" });
      }
      throw error;
    }
  }

  /** What the WASM may ask of the page. */
  #lend() {
    return {
      recorded: ({ receipt, outcome }) => {
        this.#receipt = receipt;
        this.#settle?.resolve(receipt);
        this.say();
        this.#tell("recorded", { receipt, outcome });
      },
      failed: (code) => {
        this.#settle?.reject(new Error(code));
        this.#tell("error", { code });
      },
      renew: () => this.#renew(),
    };
  }

  /** A fresh offer, if not a single word of the form has changed; else the new form is shown, with the reason. */
  async #renew() {
    const { view } = this.#bundle;
    const fresh = await fetchBundle(view.action, view.language);
    if (!this.#listeners) return null;
    if (fresh.notice === this.#bundle.notice) {
      this.#bundle = fresh;
      return fresh.view.offer;
    }
    queueMicrotask(() => this.show(fresh, false, true).ready.then(() => this.#widget?.explain("wording_changed"), () => {}));
    return null;
  }

  /**
   * A form that is sent before the WASM is there waits for it; without WASM it goes as a plain form post. All listeners
   * stand here, where they end with the form: those of yew stay for ever (decision 0305).
   */
  #onSubmit(event) {
    const { target: form, submitter } = event;
    if (this.#broken && !this.enter) return tellApart(form);
    event.preventDefault();
    event.stopPropagation();
    if (this.enter) return this.enter();
    if (this.#widget) return this.#widget.send(submitter?.value ?? "save");
    const send = () => form.isConnected && form.requestSubmit(submitter);
    this.ready.then(send, send);
  }

  #onClick(event) {
    const copy = event.target.closest?.("[data-vinkje-copy]");
    if (copy) return navigator.clipboard?.writeText(copy.dataset.vinkjeCopy).then(() => this.#widget?.copied(), () => {});
    const link = event.target.closest?.("a[data-vinkje-lang], a[data-vinkje-to]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.vinkjeTo) {
      event.preventDefault();
      this.#container.querySelector(`#${link.dataset.vinkjeTo}`)?.focus();
    } else if (this.wrapper.contains(link)) {
      event.preventDefault();
      this.translate(link.dataset.vinkjeLang).catch(() => {
        this.say("prepend", this.#bundle.words.untranslated);
        this.#tell("error", { code: "unreachable" });
      });
    }
  }

  #onChange(event) {
    if (event.target.name === "ticked") this.#tell("change", { ticked: this.ticked });
  }
}
