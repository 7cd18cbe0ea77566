/**
 * The custom element `<vinkje-consent form="organisation/form">`.
 *
 * In scope: shadow root, styles, events, and the element's part in a host's own form.
 * Out of scope: the form inside (`core.js`), the host form's submit (`host.js`).
 *
 * Attributes: `form`, `name` (form value, default `vinkje-receipt`), `email-from`, `phone-from`, `name-from`, `address-from`
 * (names of the host form's fields), `lang`. Events: `vinkje-ready`, `-change`, `-recorded`, `-error`.
 *
 * Invariant: a disconnected element has no listeners, and no box is ticked by a reset or a restored session.
 */
import { Form, fetchBundle, registry } from "./core.js";
import { join } from "./host.js";

const FIELDS = ["email", "phone", "name", "address"];

/** `options.bundle`: the form that this loader carries. `options.pinned`: the loader's own address, where it is pinned. `options.base`: collector. */
export function define(options) {
  const { bundle } = options;
  if (bundle) {
    registry.bundles.set(bundle.form, bundle);
    for (const element of [...registry.waiting]) element.vinkjeStart();
  }
  if (!customElements.get("vinkje-consent")) customElements.define("vinkje-consent", element(options));
}

const element = (options) =>
  class VinkjeConsent extends HTMLElement {
    static formAssociated = true;

    #internals = this.attachInternals();
    // Not `delegatesFocus`: a press on a paragraph would move focus to the first box.
    #shadow = this.attachShadow({ mode: "open" });
    #form;
    #name;
    #owner;
    #member;
    #leave;

    connectedCallback() {
      // Moved within the page in one step: the form stays as it is.
      if (this.#form) return this.#joinHost();
      this.#name ??= this.getAttribute("form") ?? "";
      // A light-DOM fallback link shows until there is a form.
      if (!this.#shadow.hasChildNodes()) this.#shadow.append(document.createElement("slot"));
      this.vinkjeStart();
    }

    disconnectedCallback() {
      queueMicrotask(() => {
        if (this.isConnected) return;
        registry.waiting.delete(this);
        this.#leave?.();
        this.#form?.close();
        this.#form = this.#leave = this.#owner = undefined;
        this.#shadow.replaceChildren();
      });
    }

    /** Shows the form as soon as a loader has brought it. Called by loaders; does nothing twice. */
    vinkjeStart() {
      if (this.#form || !this.isConnected) return;
      const bundle = registry.bundles.get(this.#name);
      registry.waiting[bundle ? "delete" : "add"](this);
      if (bundle) this.#show(bundle);
      else if (options.base) this.#fetch();
    }

    /** The collector's page with this form, in its language. */
    get link() {
      const view = this.#form?.bundle.view;
      return view ? `${view.action}?lang=${view.language}` : (this.querySelector("a")?.href ?? "");
    }

    async #fetch() {
      try {
        const language = this.closest("[lang]")?.lang;
        const bundle = await fetchBundle(`${options.base}f/${this.#name}`, language);
        registry.bundles.set(this.#name, bundle);
        this.vinkjeStart();
      } catch {
        // The fallback link stays.
        this.#tell("error", { code: "unreachable" });
      }
    }

    #show(bundle) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(bundle.css);
      this.#shadow.adoptedStyleSheets = [sheet];
      const form = new Form(this.#shadow, options.pinned, (name, detail) => this.#tell(name, detail));
      try {
        this.#form = form.show(bundle);
      } catch {
        // A policy of the host page that knows no `vinkje` (`trusted-types`): the fallback link stays.
        this.#tell("error", { code: "blocked_by_policy" });
        return;
      }
      this.#joinHost();
    }

    /**
     * Within a host's form the element belongs to that form. The attribute `form` would name another owner by id
     * (HTML, form owner), so it moves aside.
     */
    #joinHost() {
      const owner = this.closest("form");
      if (owner === (this.#owner ?? null)) return;
      this.#leave?.();
      this.#leave = undefined;
      this.#owner = owner;
      if (owner) {
        this.dataset.form = this.#name;
        this.removeAttribute("form");
        this.#member = { form: this.#form, given: () => this.#given(owner), settle: () => this.#settle() };
        this.#leave = join(owner, this.#member);
      }
      this.#mark();
    }

    /** Tells the style sheet which fields the host supplies. */
    #mark() {
      const wrapper = this.#form.wrapper;
      if (!this.#owner) {
        delete wrapper.dataset.host;
        delete wrapper.dataset.from;
        return;
      }
      const given = FIELDS.filter((field) => this.hasAttribute(`${field}-from`));
      const wanted = new Set(this.#form.bundle.view.purposes.flatMap((purpose) => purpose.needs));
      const all = [...wanted].every((field) => given.includes(field));
      wrapper.dataset.host = "";
      wrapper.dataset.from = [...given, ...(all ? ["all"] : [])].join(" ");
    }

    /** Contact data from the host's fields. */
    #given(owner) {
      const fields = FIELDS.filter((field) => this.hasAttribute(`${field}-from`));
      return Object.fromEntries(
        fields.map((field) => [field, owner.elements.namedItem(this.getAttribute(`${field}-from`))?.value ?? ""]),
      );
    }

    /** What the host's form says of the choices. Without a receipt: the link, to the host, to the page's script, and to the person. */
    #settle() {
      const { link } = this;
      const { receipt } = this.#member;
      const data = new FormData();
      data.set(this.getAttribute("name") || "vinkje-receipt", receipt ?? "");
      if (!receipt) {
        data.set("vinkje-link", link);
        const { words } = this.#form.bundle;
        const here = Object.assign(document.createElement("a"), { href: link, part: "link", textContent: words.choose });
        this.#form.say("append", words.unsaved, here);
        this.#tell("error", { code: "no_receipt", link });
      }
      this.#internals.setFormValue(data);
    }

    #tell(name, detail) {
      if (name === "shown") return this.#leave && this.#mark();
      const event = new CustomEvent(`vinkje-${name}`, {
        bubbles: true,
        composed: true,
        detail: { form: this.#name, ...detail },
      });
      return this.dispatchEvent(event);
    }

    /** A reset after a recorded answer begins a new one, perhaps of another person. */
    formResetCallback() {
      this.#internals.setFormValue(null);
      if (this.#member?.receipt) {
        this.#member.receipt = undefined;
        this.#form.show(this.#form.bundle);
      } else {
        this.#shadow.querySelector("form")?.reset();
      }
    }

    formDisabledCallback(disabled) {
      this.inert = disabled;
    }

    /** A restored session ticks nothing: only the person does. */
    formStateRestoreCallback() {}
  };
