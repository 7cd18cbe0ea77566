/**
 * The screen at a counter: touches go to the WASM, sealed entries to the device, and from there to the collector.
 *
 * In scope: events, pairing, keeping, wiping, the staff's PIN. Out of scope: what is on the screen (the WASM), storage (`store.js`),
 * keys (`key.js`), sending (`sync.js`).
 *
 * Invariant: after each customer the whole page is thrown away, so nothing of them is in its memory, its fields or its history.
 */

import init, { Kiosk } from "kiosk-glue";
import { Idle } from "./idle.js";
import { isPin, makeKey, publicText, random, sign } from "./key.js";
import { Phone } from "./phone.js";
import { Store } from "./store.js";
import { Sync } from "./sync.js";

const body = document.body;
const root = body.querySelector("[data-root]");
const organisation = body.dataset.vinkjeKiosk;

/** Milliseconds between two tries to send, where nothing says that the network is back. */
const SEND_EVERY = 60_000;
/** Wrong PINs before it waits, and for how many milliseconds. */
const PIN_TRIES = 5;
const PIN_WAIT = 5 * 60_000;
/** Milliseconds that a page before this one may take to go. */
const GOING_OUT = 3_000;

let kiosk, store, pair, sync, idle, phone;
/** A page that waits for a customer may be replaced by a newer one. */
let stale = false;

const only = (name) => {
  for (const one of ["broken", "twice"]) body.querySelector(`[data-${one}]`).hidden = one !== name;
  if (name) root.replaceChildren();
};

const draw = (focus = true) => kiosk.draw(Date.now(), focus);

/** Throws the page away. The address stays, and the history gets no entry. */
const wipe = () => location.replace(location.pathname);

async function showSending() {
  const [waiting, lastSent] = [await store.count(), await store.get("lastSent")];
  kiosk.sending(waiting, lastSent, -new Date().getTimezoneOffset());
}

/** Keeps what was sealed; only then is anybody told that it is saved. */
async function keep(makeText) {
  const number = await store.next();
  const unsigned = makeText(number);
  if (!unsigned) return draw();
  try {
    await store.keep(number, await sign(pair, unsigned));
    await showSending();
    kiosk.stored();
  } catch {
    kiosk.not_stored();
  }
  draw();
  sync.run();
  sendLater();
}

const send = (form, answer) => {
  const data = new FormData(form);
  const field = (name) => data.get(name)?.toString() || undefined;
  const contact = ["email", "phone", "name", "address"].map(field);
  return keep((number) => kiosk.answer(data.getAll("ticked"), ...contact, answer === "none", number, Date.now(), random(48)));
};

async function startPairing(form) {
  const code = new FormData(form).get("code")?.toString() ?? "";
  const made = await makeKey();
  let response;
  try {
    const asked = JSON.stringify({ code, key: await publicText(made) });
    const headers = { "content-type": "application/json" };
    response = await fetch(`/kiosk/${organisation}/pair?lang=${kiosk.language()}`, { method: "POST", headers, body: asked });
  } catch {
    kiosk.not_paired(undefined);
    return draw();
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    kiosk.not_paired(answer.detail);
    return draw();
  }
  const setting = JSON.stringify(answer.setting);
  await store.clear();
  await store.put({ pair: made, setting, next: 1, lastSent: Date.now() });
  wipe();
}

async function checkPin() {
  const tries = (await store.get("tries")) ?? { wrong: 0, until: 0 };
  if (Date.now() < tries.until) return kiosk.pin_was("locked");
  const { pin } = JSON.parse(await store.get("setting"));
  if (await isPin(kiosk.pin(), pin)) {
    await store.put({ tries: undefined });
    return kiosk.pin_was("right");
  }
  const wrong = tries.wrong + 1;
  const locked = wrong >= PIN_TRIES;
  await store.put({ tries: locked ? { wrong: 0, until: Date.now() + PIN_WAIT } : { wrong, until: 0 } });
  kiosk.pin_was(locked ? "locked" : "wrong");
}

const deeds = {
  quit: wipe,
  finish: wipe,
  "go-on": () => {},
  print: () => print(),
  phone: async (language) => {
    kiosk.touch("phone", language, Date.now());
    draw();
    await phone.begin();
    draw(false);
  },
  "stop-all": () => keep((number) => kiosk.withdraw(number, Date.now(), random(32))),
  enter: () => checkPin().then(() => draw()),
  send: async () => {
    await sync.run();
    await showSending();
    draw(false);
  },
  "full-screen": () => document.documentElement.requestFullscreen?.(),
};

/** One touch after another: what was begun is finished before the next is heard. */
let queue = Promise.resolve();
const then = (step) =>
  (queue = queue
    .then(step)
    .then(watch)
    .catch(() => only("broken")));

/** While somebody is in the middle of something here, the screen minds whether they are there. */
const minds = () => !kiosk.is_free() && !kiosk.waits_for_phone();
const watch = () => (minds() ? idle.touched() : idle.stop());

async function touch(deed, value) {
  if (deeds[deed]) return deeds[deed](value);
  kiosk.touch(deed, value, Date.now());
  if (deed === "on-duty") await store.put({ onDuty: kiosk.on_duty() });
  // Keys keep their focus: whoever types goes on typing.
  draw(!["digit", "erase", "on-duty"].includes(deed));
}

/** What a keyboard types where the screen has keys. */
function typed(event) {
  if (event.target.closest("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^\d$/.test(event.key)) then(() => touch("digit", event.key));
  else if (event.key === "Backspace") then(() => touch("erase", ""));
}

function listen() {
  root.addEventListener("click", (event) => {
    const on = event.target.closest("[data-do]");
    if (on) then(() => touch(on.dataset.do, on.dataset.value ?? ""));
    const to = event.target.closest("[data-vinkje-to]");
    if (to) {
      event.preventDefault();
      root.querySelector(`#${to.dataset.vinkjeTo}`)?.focus();
    }
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const [form, answer] = [event.target, event.submitter?.value];
    then(() => (form.dataset.form === "pair" ? startPairing(form) : send(form, answer)));
  });
  addEventListener("keydown", typed);
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => minds() && idle.touched(), true);
  addEventListener("online", () => sync?.run());
  addEventListener("contextmenu", (event) => event.preventDefault());
}

async function told(answer) {
  if (!kiosk.is_free()) return;
  kiosk.set(JSON.stringify(answer.setting));
  await showSending();
  draw(false);
}

/**
 * What the collector keeps need not stay here. Where it does not know us, it keeps nothing: then all stays until somebody pairs anew. Why it ended
 * stays for one more start: this page may be on its way out.
 */
async function ended({ code, detail }) {
  if (code !== "kiosk_unknown") {
    await store.clear();
    await store.put({ ended: detail });
  }
  kiosk.close(detail);
  draw();
}

/** The worker keeps the page for when there is no network, and brings a newer one when nobody is in the middle of anything. */
async function work() {
  if (!navigator.serviceWorker) return;
  const first = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    stale = !first;
    if (stale && kiosk.is_free()) wipe();
  });
  await navigator.serviceWorker.register("/kiosk/sw.js");
  await navigator.serviceWorker.ready;
  // The page itself came before there was a worker.
  await fetch(location.pathname);
  await navigator.storage?.persist?.();
  root.dataset.ready = "";
}

async function start() {
  store = await Store.open();
  const setting = await store.get("setting");
  pair = await store.get("pair");
  kiosk = new Kiosk(root, document.documentElement.lang);
  let before;
  idle = new Idle({
    seconds: () => kiosk.idle_seconds(),
    warn: (left) => {
      const begins = left !== undefined && !root.querySelector(".still-there");
      if (begins) before = document.activeElement;
      kiosk.warn(left);
      draw(begins);
      if (left === undefined) requestAnimationFrame(() => before?.focus());
    },
    wipe,
  });
  sync = new Sync({ store, told, ended, language: () => kiosk.language() });
  phone = new Phone({ store, pair, kiosk, changed: () => then(() => draw()) });
  if (setting && pair && kiosk.set(setting) && kiosk.sign_with(await publicText(pair))) {
    kiosk.touch("on-duty", (await store.get("onDuty")) ?? "", Date.now());
    await showSending();
    setInterval(() => sync.run(), SEND_EVERY);
  }
  const over = await store.get("ended");
  if (over && !location.hash) {
    kiosk.close(over);
    await store.put({ ended: undefined });
  }
  listen();
  draw();
  const code = decodeURIComponent(location.hash.slice(1));
  if (code && !setting) {
    // The screen is drawn when what was begun here is done.
    await new Promise((drawn) => setTimeout(drawn));
    root.querySelector("#vk-pair")?.setAttribute("value", code);
  }
  if (setting) sync.run();
  performance.mark("vinkje-kiosk-shown");
  await work();
}

/** Asks the browser to wake the worker when there is a network, also where this page is gone by then. Not every browser can. */
async function sendLater() {
  const worker = await navigator.serviceWorker?.ready;
  await worker?.sync?.register("entries").catch(() => {});
}

/** Two pages of one kiosk would give one number twice. */
function alone(run) {
  // The page before this one may be on its way out.
  const signal = AbortSignal.timeout(GOING_OUT);
  // A worker that sends makes room.
  navigator.serviceWorker?.controller?.postMessage("page");
  const held = navigator.locks.request("vinkje-kiosk", { signal }, () => {
    run();
    // As long as the page lives.
    return new Promise(() => {});
  });
  return held.catch(() => only("twice"));
}

const whole = crypto.subtle && window.indexedDB && navigator.locks;
if (!whole) only("broken");
else {
  init({ module_or_path: fetch(body.dataset.wasm) })
    .then(() => alone(() => start().catch(() => only("broken"))))
    .catch(() => only("broken"));
}
