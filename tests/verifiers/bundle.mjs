/**
 * Checks evidence bundles without Vinkje, in JavaScript: from the standards alone, with Web Crypto and nothing else.
 *
 *     node bundle.mjs [--keys JWKS] [--log-key KEY] [--kept CHECKPOINT] BUNDLE...
 *
 * Arguments, output and exit codes are those of bundle.py. Here paths are walked upwards (RFC 9162 sections 2.1.3.2 and
 * 2.1.4.2), where bundle.py follows the recursive definitions.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { subtle } = globalThis.crypto;

class Refused extends Error {}

const refuse = (code) => {
  throw new Refused(code);
};
const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const sha = async (...parts) => Buffer.from(await subtle.digest("SHA-256", bytes(...parts)));
const node = (left, right) => sha([1], left, right);
const fatal = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** RFC 8785: members by UTF-16 code units; strings and integers as ECMAScript writes them. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const member = (name) => `${JSON.stringify(name)}:${canonical(value[name])}`;
  return `{${Object.keys(value).sort().map(member).join()}}`;
}

/** JSON in its one spelling. */
function read(data, notJson, notCanonical) {
  let value;
  try {
    value = JSON.parse(fatal.decode(data));
  } catch {
    refuse(notJson);
  }
  return canonical(value) === fatal.decode(data) ? value : refuse(notCanonical);
}

/** Whether a name is given twice: more names in the text than members in what was read. */
function repeats(json, value) {
  const members = (one) =>
    one === null || typeof one !== "object" ? 0 : Object.values(one).reduce((sum, part) => sum + members(part), Array.isArray(one) ? 0 : Object.keys(one).length);
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon).length > members(value);
}

function base64(text, kind = "base64") {
  const value = Buffer.from(text, kind);
  return value.toString(kind) === text ? value : undefined;
}

const any = (value) => typeof value === "string";
const text = (pattern) => (value) => any(value) && pattern.test(value);
const count = (value) => Number.isSafeInteger(value) && value >= 0;
const version = (value) => Number.isInteger(value) && value >= 1 && value < 2 ** 32;
const hash32 = (value) => any(value) && base64(value)?.length === 32;
const many = (check, least, most) => (value) =>
  Array.isArray(value) && value.length >= least && value.length <= most && value.every(check);

/** These members, those with a question mark if need be, and no others. */
const shape = (members) => {
  const known = new Map(Object.entries(members).map(([name, check]) => [name.replace("?", ""), check]));
  const needed = Object.keys(members).filter((name) => !name.endsWith("?"));
  return (value) =>
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    needed.every((name) => Object.hasOwn(value, name)) &&
    Object.keys(value).every((name) => known.get(name)?.(value[name]));
};

const slug = text(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/);
const time = text(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/);
const uuid = text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const digest = text(/^sha256-[0-9a-f]{64}$/);
const path = many(hash32, 0, 64);
const words = (value) => any(value) && Buffer.byteLength(value) <= 16 * 1024;
const isBundle = shape({
  checkpoint: any,
  "history?": any,
  keys: many(shape({ "alg?": any, crv: any, kid: any, kty: any, "use?": any, x: any }), 0, 32),
  kind: text(/^(receipt|subject)$/),
  log_key: any,
  notices: many(any, 1, 256),
  receipts: many(shape({ index: count, path, receipt: any, salt: hash32 }), 1, 4096),
  schema: text(/^vinkje\/bundle\/1$/),
  "since?": shape({ path, size: count }),
  "wordings?": many(words, 1, 256),
});
const DECIDED = /^(given|not_given|requested|lapsed|withdrawn|expired|unproven|not_objected|objected|ended)$/;
const isReceipt = shape({
  act: text(/^(choices|confirmation|withdrawal|objection|expiry|import|sale)$/),
  at: time,
  controller: any,
  decisions: many(
    shape({ decided: text(DECIDED), purpose: slug, "until?": time, version }),
    0,
    Infinity,
  ),
  form: slug,
  form_version: version,
  "imported?": shape({ "claimed_at?": time, file: digest, "reference?": any, source: any, "wording?": digest }),
  iss: any,
  "kiosk?": shape({ at: time, behind_seconds: Number.isSafeInteger, kiosk: uuid, "number?": count, "staff?": any }),
  language: text(/^(nl|en|ar)$/),
  method: text(/^(web|kiosk|manage_page|mail|term|import|paper|voice|staff|sale)$/),
  notice: digest,
  offered_at: time,
  organisation: slug,
  "origin?": any,
  receipt: uuid,
  "registered?": shape({ by: any, "claimed_at?": time, "scan?": digest }),
  schema: text(/^vinkje\/receipt\/1$/),
  "sold?": shape({ product_group: slug, sale: any, sold_at: time }),
  subject: uuid,
  ui: text(/^(html|script|wasm|none)$/),
  widget: any,
});
const isHistory = shape({
  at: time,
  digest,
  iss: any,
  organisation: slug,
  receipts: count,
  schema: text(/^vinkje\/history\/1$/),
  size: count,
  subject: uuid,
});
const isHeader = shape({ alg: any, kid: any, typ: any });

/** Coordinates below the field's prime whose point Web Crypto takes, and none of small order (RFC 8032). */
async function publicKey(raw, code) {
  const small = [
    "00",
    "01",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  ];
  const y = Buffer.from(raw);
  y[31] &= 0x7f;
  if (small.some((hex) => y.equals(Buffer.from(hex.padEnd(64, "0"), "hex")))) refuse(code);
  return subtle.importKey("raw", raw, "Ed25519", false, ["verify"]).catch(() => refuse(code));
}

async function readKeys(keys) {
  const known = new Map();
  for (const { kty, crv, alg = "Ed25519", x, kid } of keys) {
    const raw = base64(x, "base64url");
    const own = (await sha(canonical({ crv, kty, x }))).toString("base64url");
    const fits = kty === "OKP" && crv === "Ed25519" && ["Ed25519", "EdDSA"].includes(alg) && kid === own;
    if (!fits || raw?.length !== 32) refuse("key_set");
    known.set(kid, await publicKey(raw, "key_set"));
  }
  return known;
}

/** The payload of a compact JWS (RFC 7515 section 7.1). */
async function signed(jws, typ, keys, isPayload) {
  if (jws.length > 8192) refuse("too_long");
  const parts = jws.split(".").map((part) => base64(part, "base64url"));
  if (parts.length !== 3 || parts.includes(undefined) || parts[2].length !== 64) refuse("shape");
  const header = read(parts[0], "header", "header");
  if (!isHeader(header)) refuse("header");
  if (!["Ed25519", "EdDSA"].includes(header.alg)) refuse("algorithm");
  if (header.typ !== typ) refuse("type");
  const key = keys.get(header.kid) ?? refuse("unknown_key");
  const input = jws.slice(0, jws.lastIndexOf("."));
  if (!(await subtle.verify("Ed25519", key, parts[2], Buffer.from(input)))) refuse("signature");
  let payload;
  try {
    payload = JSON.parse(fatal.decode(parts[1]));
  } catch {
    refuse("payload_shape");
  }
  if (repeats(fatal.decode(parts[1]), payload) || !isPayload(payload)) refuse("payload_shape");
  return canonical(payload) === fatal.decode(parts[1]) ? payload : refuse("payload_spelling");
}

async function readLogKey(line) {
  const [, name, id, material] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? refuse("log_key");
  const raw = base64(material);
  if (raw?.length !== 33 || ![1, 4].includes(raw[0])) refuse("log_key");
  const own = (await sha(name, "\n", raw)).subarray(0, 4);
  if (own.toString("hex") !== id) refuse("log_key");
  return { name, id: own, key: await publicKey(raw.subarray(1), "log_key") };
}

async function head(note, log, code = (name) => name) {
  const parts = /^([^\n]+)\n(0|[1-9]\d*)\n([^\n]+)\n\n((?:\u2014 [^\s+]+ \S+\n)+)$/.exec(note);
  const root = parts && base64(parts[3]);
  if (root?.length !== 32) refuse(code("checkpoint_shape"));
  const [, origin, size, , lines] = parts;
  const body = note.slice(0, note.length - lines.length - 1);
  const signatures = lines.trimEnd().split("\n").map((line) => [line.split(" ")[1], base64(line.split(" ")[2])]);
  if (signatures.some(([, value]) => !value || value.length < 5)) refuse(code("checkpoint_shape"));
  const own = signatures.filter(([name, value]) => name === log.name && value.subarray(0, 4).equals(log.id));
  if (!own.length) refuse(code("checkpoint_unsigned"));
  for (const [, value] of own) {
    const good = await subtle.verify("Ed25519", log.key, value.subarray(4), Buffer.from(body)).catch(() => false);
    if (!good) refuse(code("checkpoint_signature"));
  }
  return origin === log.name ? { size: Number(size), root } : refuse(code("other_log"));
}

const isNotice = (notice) =>
  notice?.schema === "vinkje/notice/1" && notice.controller?.name && notice.purposes?.every((box) => box.purpose?.id);

async function checkWording(bundle, receipts) {
  const hashes = [];
  for (const notice of bundle.notices) hashes.push(`sha256-${(await sha(notice)).toString("hex")}`);
  const named = [...new Set(receipts.map((receipt) => receipt.notice))];
  if (!named.every((hash) => hashes.includes(hash))) refuse("wording_missing");
  if (named.join() !== hashes.join()) refuse("wording_unused");
  const listed = [];
  for (const wording of bundle.wordings ?? []) listed.push(`sha256-${(await sha(wording)).toString("hex")}`);
  const wanted = [...new Set(receipts.map((receipt) => receipt.imported?.wording).filter(Boolean))];
  if (!wanted.every((hash) => listed.includes(hash))) refuse("wording_missing");
  if (wanted.join() !== listed.join()) refuse("wording_unused");
  const notices = bundle.notices.map((notice) => read(Buffer.from(notice), "wording_invalid", "wording_invalid"));
  if (!notices.every(isNotice)) refuse("wording_invalid");
  for (const receipt of receipts) fits(receipt, notices[hashes.indexOf(receipt.notice)]);
}

/** An import names its list, nothing else does, and it agrees to nothing without date and words. */
function importIsTold({ act, method, imported, decisions, at }) {
  const all = decisions.map((decision) => decision.decided);
  if (act !== "import") return method !== "import" && imported === undefined && !all.includes("unproven");
  const proven = imported?.wording && imported.claimed_at <= at;
  const told = ({ decided, until }) => (decided === "given" ? proven && until : decided === "unproven" && !until);
  return method === "import" && imported !== undefined && decisions.length > 0 && decisions.every(told);
}

/**
 * Paper and voice name who entered them and when they were signed or said, a paper also its scan; a stop by staff names who. What came from
 * a kiosk says which one, with its number; who was sent from there to their own phone has the kiosk and no number.
 */
function registeredIsTold({ act, method, registered, kiosk, at }) {
  if (method === "kiosk" && kiosk === undefined) return false;
  if (kiosk !== undefined && { kiosk: true, web: false }[method] !== (kiosk.number !== undefined)) return false;
  if (!["paper", "voice", "staff"].includes(method)) return registered === undefined;
  if (!registered?.by) return false;
  if (method === "staff") return ["withdrawal", "objection"].includes(act) && Object.keys(registered).join() === "by";
  return act === "choices" && registered.claimed_at <= at && (method === "voice" || registered.scan !== undefined);
}

/** A sale names what was sold, nothing else does, and it agrees to nothing. */
function saleIsTold({ act, method, sold, decisions, at }) {
  if (sold === undefined) {
    return act !== "sale" && method !== "sale" && !decisions.some(({ decided }) => decided === "not_objected");
  }
  const told = ({ decided, until }) => (decided === "not_objected" ? until : decided === "objected" && !until);
  return act === "sale" && method === "sale" && sold.sold_at <= at && decisions.length > 0 && decisions.every(told);
}

/** What a receipt and its wording have in common. */
function fits(receipt, notice) {
  const chosen = ["choices", "import", "sale"].includes(receipt.act);
  const same = ["organisation", "form", "form_version"].every((name) => receipt[name] === notice[name]);
  const language = !chosen || receipt.language === notice.language;
  if (!same || !language || receipt.controller !== notice.controller.name) refuse("wording_other");
  if (!importIsTold(receipt)) refuse("import_false");
  if (!registeredIsTold(receipt)) refuse("registered_false");
  if (!saleIsTold(receipt)) refuse("sale_false");
  const group = receipt.sold?.product_group;
  const told = (notice.customers ?? []).map(({ shown }) => shown);
  const sold = told.filter(({ purpose }) => purpose.terms.product_group === group);
  const shown = (receipt.act === "sale" ? sold : notice.purposes).map(({ purpose }) => `${purpose.id} ${purpose.version}`);
  const answered = receipt.decisions.map((decision) => `${decision.purpose} ${decision.version}`);
  const sameBoxes =
    ["web", "kiosk", "paper", "voice"].includes(receipt.method)
      ? answered.join() === shown.join()
      : answered.length > 0 && answered.every((box) => shown.includes(box));
  if (chosen && !sameBoxes) refuse("boxes_differ");
}

/** Climbs from a place to the root; gives for each sibling whether it stands on the left, or nothing past the root. */
function* sides(place, last) {
  while (last > 0n) {
    const left = place & 1n || place === last;
    yield left;
    if (left) while (!(place & 1n) && place) [place, last] = [place >> 1n, last >> 1n];
    [place, last] = [place >> 1n, last >> 1n];
  }
}

async function includes(leaf, index, size, path, root) {
  if (index >= size) return false;
  const way = [...sides(BigInt(index), BigInt(size) - 1n)];
  if (way.length !== path.length) return false;
  let hash = leaf;
  for (const [at, left] of way.entries()) hash = left ? await node(path[at], hash) : await node(hash, path[at]);
  return hash.equals(root);
}

async function extendsTo(old, now, path) {
  if (old.size === 0) return !path.length && old.root.equals(await sha());
  if (old.size >= now.size) return old.size === now.size && !path.length && old.root.equals(now.root);
  let [place, last] = [BigInt(old.size) - 1n, BigInt(now.size) - 1n];
  let whole = true;
  while (place & 1n) [place, last] = [place >> 1n, last >> 1n];
  if (place > 0n) whole = false;
  const hashes = whole ? [old.root, ...path] : [...path];
  if (!hashes.length) return false;
  let [before, after] = [hashes[0], hashes[0]];
  const way = [...sides(place, last)];
  if (way.length !== hashes.length - 1) return false;
  for (const [at, left] of way.entries()) {
    const sibling = hashes[at + 1];
    if (left) [before, after] = [await node(sibling, before), await node(sibling, after)];
    else after = await node(after, sibling);
  }
  return before.equals(old.root) && after.equals(now.root);
}

function isLogOf(receipt, name) {
  const first = `${receipt.iss.replace(/^.*?:\/\//, "")}/log/${receipt.organisation}`;
  // A log that was started anew has a number at the end.
  const again = name.startsWith(`${first}/`) && /^([2-9]|[1-9]\d+)$/.test(name.slice(first.length + 1));
  if (name !== first && !again) refuse("other_log");
}

async function commit(salt, receipt) {
  const key = await subtle.importKey("raw", base64(salt), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return Buffer.from(await subtle.sign("HMAC", key, bytes("consent-evt/1\0", receipt)));
}

const leafOf = (commitment) => sha([0], `{"v":1,"k":"evt","c":"${commitment.toString("base64url")}"}`);

async function checkPlaces(bundle, receipts, name, { size, root }) {
  for (const [at, entry] of bundle.receipts.entries()) {
    const receipt = receipts[at];
    isLogOf(receipt, name);
    const leaf = await leafOf(await commit(entry.salt, entry.receipt));
    const path = entry.path.map((sibling) => base64(sibling));
    if (!(await includes(leaf, entry.index, size, path, root))) refuse("not_in_log");
  }
}

async function checkHistory(bundle, receipts, keys, size) {
  if (bundle.history === undefined) refuse("history_missing");
  const said = await signed(bundle.history, "consent-history+jws", keys, isHistory).catch(() => refuse("history_invalid"));
  const own = ({ subject, organisation }) => subject === said.subject && organisation === said.organisation;
  if (!receipts.every(own)) refuse("history_other_person");
  const over = await sha(...bundle.receipts.map((entry) => `${entry.receipt}\n`));
  const same = receipts[0].receipt === said.subject && receipts.length === said.receipts && said.size === size;
  if (!same || `sha256-${over.toString("hex")}` !== said.digest) refuse("history_differs");
  const places = bundle.receipts.map((entry) => entry.index);
  if (places.some((place, at) => at > 0 && place <= places[at - 1])) refuse("history_order");
  const stands = new Map();
  for (const receipt of receipts) {
    const before = new Map(stands);
    for (const { decided, purpose, until = "9999" } of receipt.decisions) {
      if (decided === "not_given") continue;
      const stood = before.get(purpose) ?? { state: "never", end: "9999" };
      const over = stood.end <= receipt.at;
      const possible = {
        given:
          (receipt.act !== "confirmation" || ["requested", "withdrawn"].includes(stood.state)) &&
          (receipt.act !== "import" || stood.state === "never"),
        unproven: receipt.act === "import" && stood.state === "never",
        not_objected: receipt.act === "sale" && stood.state === "never",
        objected: stood.state === (receipt.act === "sale" ? "never" : "not_objected"),
        ended: stood.state === "not_objected" && over,
        requested: true,
        withdrawn: ["given", "requested"].includes(stood.state),
        expired: stood.state === "given" && over,
        lapsed: stood.state === "requested" && over,
      };
      if (!possible[decided]) refuse("history_impossible");
      stands.set(purpose, { state: decided, end: until });
    }
  }
}

async function check(data, trust) {
  if (data.length > 16 * 1024 * 1024) refuse("too_long");
  const bundle = read(data, "not_json", "not_canonical");
  const one = bundle?.kind === "receipt" && (bundle.receipts?.length !== 1 || Object.hasOwn(bundle, "history"));
  if (!isBundle(bundle) || one) refuse("not_a_bundle");
  const own = { keys: await readKeys(bundle.keys), log: await readLogKey(bundle.log_key) };
  const { keys, log } = { ...own, ...trust };
  const receipts = [];
  for (const { receipt } of bundle.receipts) {
    const judged = signed(receipt, "consent-receipt+jws", keys, isReceipt);
    receipts.push(await judged.catch((reason) => refuse(`receipt_${reason.message}`)));
  }
  await checkWording(bundle, receipts);
  const now = await head(bundle.checkpoint, log);
  await checkPlaces(bundle, receipts, log.name, now);
  if (bundle.kind === "subject") await checkHistory(bundle, receipts, keys, now.size);
  if (trust.kept) {
    const old = await head(trust.kept, log, () => "kept_invalid");
    const path = old.size === now.size ? [] : old.size === bundle.since?.size && bundle.since.path.map((one) => base64(one));
    if (path && !(await extendsTo(old, now, path))) refuse("forked");
  }
  return receipts.length;
}

const isHead = shape({
  checkpoint: any,
  keys: many(shape({ "alg?": any, crv: any, kid: any, kty: any, "use?": any, x: any }), 0, 32),
  log_key: any,
  schema: text(/^vinkje\/bundle-lines\/1$/),
});
const lineShapes = [
  shape({ notice: any }),
  shape({ wording: words }),
  shape({ receipt: any, salt: hash32 }),
  shape({ erased: hash32 }),
];

function readLine(line, ...shapes) {
  if (line.length > 512 * 1024) refuse("too_long");
  const value = read(line, "not_json", "not_canonical");
  return shapes.some((fits) => fits(value)) ? value : refuse("not_a_bundle");
}

/** The bundle of an organisation: each entry of its log on a line; the root grows from the compact edge of the tree. */
async function checkLines(data, trust) {
  const [first, ...lines] = data.toString("latin1").replace(/\n$/, "").split("\n").map((line) => Buffer.from(line, "latin1"));
  const begin = readLine(first, isHead);
  const own = { keys: await readKeys(begin.keys), log: await readLogKey(begin.log_key) };
  const { keys, log } = { ...own, ...trust };
  const now = await head(begin.checkpoint, log);
  const kept = trust.kept && (await head(trust.kept, log, () => "kept_invalid").catch((reason) => reason));
  const [notices, named, edge, wordings] = [new Map(), new Set(), [], new Map()];
  let size = 0;
  const rootNow = async () => {
    let root = edge.at(-1) ?? (await sha());
    for (const left of edge.slice(0, -1).reverse()) root = await node(left, root);
    return root;
  };
  let then = kept?.size === 0 ? await rootNow() : undefined;
  for (const text of lines) {
    const line = readLine(text, ...lineShapes);
    if (line.notice !== undefined) {
      const digest = `sha256-${(await sha(line.notice)).toString("hex")}`;
      const notice = read(Buffer.from(line.notice), "wording_invalid", "wording_invalid");
      if (!isNotice(notice)) refuse("wording_invalid");
      if (notices.has(digest)) refuse("wording_unused");
      notices.set(digest, notice);
      continue;
    }
    if (line.wording !== undefined) {
      const digest = `sha256-${(await sha(line.wording)).toString("hex")}`;
      if (wordings.has(digest)) refuse("wording_unused");
      wordings.set(digest, false);
      continue;
    }
    let commitment = line.erased && base64(line.erased);
    if (!commitment) {
      const judged = signed(line.receipt, "consent-receipt+jws", keys, isReceipt);
      const receipt = await judged.catch((reason) => refuse(`receipt_${reason.message}`));
      if (!notices.has(receipt.notice)) refuse("wording_missing");
      named.add(receipt.notice);
      fits(receipt, notices.get(receipt.notice));
      const words = receipt.imported?.wording;
      if (words && !wordings.has(words)) refuse("wording_missing");
      if (words) wordings.set(words, true);
      isLogOf(receipt, log.name);
      commitment = await commit(line.salt, line.receipt);
    }
    let grown = await leafOf(commitment);
    for (let at = size; at & 1; at >>= 1) grown = await node(edge.pop(), grown);
    edge.push(grown);
    size += 1;
    if (kept?.size === size) then = await rootNow();
  }
  if (size !== now.size || !(await rootNow()).equals(now.root)) refuse("log_differs");
  if (named.size !== notices.size || [...wordings.values()].includes(false)) refuse("wording_unused");
  if (kept instanceof Error) throw kept;
  if (then && !then.equals(kept.root)) refuse("forked");
  return size;
}

const options = { keys: { type: "string" }, "log-key": { type: "string" }, kept: { type: "string" } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const trust = {};
if (values.keys) trust.keys = await readKeys(JSON.parse(readFileSync(values.keys, "utf8")).keys);
if (values["log-key"]) trust.log = await readLogKey(readFileSync(values["log-key"], "utf8").trim());
if (values.kept) trust.kept = readFileSync(values.kept, "utf8");
const said = [];
for (const file of positionals) {
  const judged = (file.endsWith(".jsonl") ? checkLines : check)(readFileSync(file), trust).then((accepted) => ({ accepted }));
  said.push(
    await judged.catch((reason) => {
      if (!(reason instanceof Refused)) throw reason;
      return { refused: reason.message };
    }),
  );
}
console.log(JSON.stringify(said));
process.exitCode = said.some((one) => one.refused) ? 1 : 0;
