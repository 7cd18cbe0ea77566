/**
 * The page that judges evidence: files, drops, pictures and the camera go to the WASM; what it finds is drawn by it.
 *
 * In scope: reading what a person gives, in bounds; focus, status, printing. Out of scope: every judgement (the WASM).
 *
 * Invariant: once the WASM is here, a policy shuts every way out, so nothing that is given can leave the page.
 */
import init, { Verifier } from "verifier-glue";

const page = document.querySelector("[data-vinkje-verify]");
const part = (name) => page.querySelector(`[data-${name}]`);
const [status, give, drop, picker, viewer] = [part("status"), part("give"), part("drop"), page.querySelector("#vk-files"), part("viewer")];

/** Files at once; more are a slip. */
const FILES_MAX = 20;
/** Files from this size on take longer than an eye needs to notice. */
const SLOW_BYTES = 256 * 1024;
/** Bytes that tell what a file is. */
const START_BYTES = 64 * 1024;
/** Longer names tell nobody more. */
const NAME_CHARS_MAX = 250;
/** The longer side of a picture in which a code is looked for: the bound of the WASM is its square. */
const PICTURE_SIDE_MAX = 1600;
/** Milliseconds between two looks of the camera. */
const LOOK_EVERY = 150;

let verifier;
/** The file whose pieces are judged: an organisation has no bound, so it is read again when something beside it changes. */
let lines;
/** One thing after another: a second drop waits for the first. */
let queue = Promise.resolve();

/** The WASM of a saved page is in it; otherwise it is beside the page. */
async function load() {
  const inside = document.querySelector("script[data-vinkje-wasm]");
  if (!inside) return init({ module_or_path: fetch(page.dataset.wasm) });
  const text = atob(inside.textContent);
  inside.remove();
  return init({ module_or_path: Uint8Array.from(text, (character) => character.charCodeAt(0)) });
}

/** From here on the page can ask for nothing: policies only add up. */
function shut() {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "default-src 'none'; img-src data:; form-action 'none'; base-uri 'none'";
  document.head.append(policy);
}

/** `seen`: whether it stands on the page in another way already; then it is for screen readers only. */
function say(text, seen = false) {
  status.classList.toggle("unseen", seen);
  status.textContent = text;
}

/** Lets the browser draw what was said before it computes. */
const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

/** Runs a step when all before it are done. Whatever breaks in it is said. */
function then(step) {
  queue = queue.then(step).catch((error) => {
    // What the WASM held is half done then.
    if (error instanceof WebAssembly.RuntimeError) broken();
    else say(verifier.say("unread"));
  });
  return queue;
}

function broken() {
  part("broken").hidden = false;
  give.hidden = true;
}

const short = (name) => (name.length > NAME_CHARS_MAX ? `${name.slice(0, 100)}…${name.slice(-100)}` : name);
const bytes = async (blob) => new Uint8Array(await blob.arrayBuffer());

async function take(file) {
  const name = short(file.name);
  const plan = Verifier.plan(name, file.size, await bytes(file.slice(0, START_BYTES)));
  if (plan === "picture") {
    return (await takePicture(name, file)) ? undefined : "no_code";
  } else if (plan === "lines") {
    lines = file;
    verifier.take_lines(name);
  } else if (plan === "whole") verifier.take(name, await bytes(file));
  else verifier.take_too_long(name);
}

async function takePicture(name, file) {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return false;
  const pixels = readPixels(picture, picture.width, picture.height);
  picture.close();
  return verifier.take_codes(name, pixels.width, pixels.height, pixels.data);
}

function readPixels(source, width, height) {
  const scale = Math.min(1, PICTURE_SIDE_MAX / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Judges all that was given, draws it and says it. `note`: what else there is to say, if nothing was found. */
async function judge(note) {
  performance.mark("vinkje-judge");
  if (verifier.begin()) await feed(lines.stream().getReader());
  verifier.judge();
  performance.measure("vinkje-judge", "vinkje-judge");
  const found = verifier.draw(false);
  await drawn();
  performance.mark("vinkje-drawn");
  const verdict = page.querySelector("#vk-verdict");
  if (note && !verdict) say(verifier.say(note));
  else say(found, Boolean(verdict));
  verdict?.focus();
}

async function feed(reader) {
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (!verifier.feed(piece.value)) return reader.cancel();
  }
}

const takeFiles = (files) =>
  then(async () => {
    if (!files.length) return;
    performance.mark("vinkje-given");
    if (files.some((file) => file.size > SLOW_BYTES)) {
      say(verifier.say("busy"));
      await drawn();
    }
    let note = files.length > FILES_MAX ? "too_many" : undefined;
    for (const file of files.slice(0, FILES_MAX)) note = (await take(file)) ?? note;
    await judge(note);
  });

/** -1: somebody asks for all receipts; else takes away what stands at a place. */
const act = (place) =>
  then(async () => {
    if (place < 0) return say(verifier.draw(true), true);
    verifier.remove(place);
    await judge();
    if (!page.querySelector("#vk-verdict")) picker.focus();
  });

function listen() {
  picker.addEventListener("change", () => {
    takeFiles([...picker.files]);
    // The same file again is news too: it may have changed.
    picker.value = "";
  });
  // A drop beside the field must not make the browser leave the page for the file.
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  addEventListener("dragover", () => drop.classList.add("over"));
  for (const name of ["dragleave", "drop"]) addEventListener(name, () => drop.classList.remove("over"));
  addEventListener("drop", (event) => takeFiles([...(event.dataTransfer?.files ?? [])]));
  page.addEventListener("click", (event) => {
    if (event.target.closest("[data-vinkje-print]")) print();
  });
  // On paper the exact wording is always there.
  addEventListener("beforeprint", () => {
    for (const details of page.querySelectorAll("details.wording, details.keys")) details.open = true;
  });
  if (navigator.mediaDevices?.getUserMedia) {
    part("camera").hidden = false;
    part("camera").addEventListener("click", look);
    part("camera-stop").addEventListener("click", stopLooking);
  }
}

/** Looks through the camera until it sees a code or is stopped. */
async function look() {
  const video = viewer.querySelector("video");
  try {
    const size = { ideal: 1280 };
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: size } });
  } catch {
    return say(verifier.say("no_camera"));
  }
  viewer.hidden = false;
  part("camera-stop").focus();
  say(verifier.say("looking"));
  await video.play().catch(() => {});
  const stream = video.srcObject;
  while (stream && video.srcObject === stream) {
    if (video.videoWidth) {
      const pixels = readPixels(video, video.videoWidth, video.videoHeight);
      if (verifier.take_codes(undefined, pixels.width, pixels.height, pixels.data)) {
        stopLooking();
        say(verifier.say("code_found"));
        return then(() => judge());
      }
    }
    await new Promise((done) => setTimeout(done, LOOK_EVERY));
  }
}

function stopLooking() {
  const video = viewer.querySelector("video");
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
  viewer.hidden = true;
  say(verifier.say("ready"), true);
  part("camera").focus();
}

load()
  .then(() => {
    shut();
    verifier = new Verifier(part("result"), document.documentElement.lang, location.origin, act);
    give.hidden = false;
    say(verifier.say("ready"), true);
    listen();
  })
  .catch(broken);
