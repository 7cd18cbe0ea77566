/**
 * Checks an evidence log without Vinkje, in JavaScript: from RFC 6962 and the C2SP texts alone, with Web Crypto and nothing else.
 *
 *     node log.mjs LOG_URL KEY_FILE [--witness KEY]... [FILE...]
 *
 * Arguments, output and exit codes are those of log.py. Here roots are made from the compact edge of the tree and paths are
 * walked upwards, where log.py follows the recursive definitions: the two share no line of thought.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const { subtle } = globalThis.crypto;
const utf8 = new TextEncoder();

class Refused extends Error {}

const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === "string" ? utf8.encode(part) : part)));
const sha = async (...parts) => Buffer.from(await subtle.digest("SHA-256", bytes(...parts)));
const leaf = (entry) => sha(Buffer.of(0), entry);
const node = (left, right) => sha(Buffer.of(1), left, right);

/** Standard base64 in its one spelling. */
function base64(text) {
  const value = Buffer.from(text, "base64");
  if (value.toString("base64") !== text) throw new Refused("base64");
  return value;
}

/** Roots of every size, from the edge of complete subtrees (RFC 6962 section 2.1 read from below). */
async function rootsOf(leaves) {
  const roots = [await sha()];
  const edge = [];
  for (const [index, hash] of leaves.entries()) {
    let grown = hash;
    for (let size = index; size & 1; size >>= 1) grown = await node(edge.pop(), grown);
    edge.push(grown);
    let root = edge.at(-1);
    for (const left of edge.slice(0, -1).reverse()) root = await node(left, root);
    roots.push(root);
  }
  return roots;
}

/** The root that a path leads to (RFC 9162 section 2.1.3.2). */
async function walk(hash, index, size, path) {
  let [place, last] = [index, size - 1];
  for (const sibling of path) {
    if (last === 0) throw new Refused("path");
    if (place & 1 || place === last) {
      hash = await node(sibling, hash);
      while (!(place & 1) && place) [place, last] = [place >> 1, last >> 1];
    } else {
      hash = await node(hash, sibling);
    }
    [place, last] = [place >> 1, last >> 1];
  }
  if (last !== 0) throw new Refused("path");
  return hash;
}

/** A verifier key of C2SP signed-note. */
async function readKey(line, kind = 1) {
  const [, name, id, material] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line.trim()) ?? [];
  const raw = base64(material ?? "");
  const own = (await sha(name ?? "", "\n", raw)).subarray(0, 4);
  if (raw[0] !== kind || own.toString("hex") !== id) throw new Refused("key");
  return { name, id: own, key: await subtle.importKey("raw", raw.subarray(1), "Ed25519", false, ["verify"]) };
}

/** Whether this witness cosigned a note (C2SP tlog-cosignature): its time stands before the signature, and in what is signed. */
async function cosigned(note, { name, id, key }) {
  const end = note.lastIndexOf("\n\n") + 1;
  const own = note
    .slice(end + 1)
    .trimEnd()
    .split("\n")
    .filter((line) => line.startsWith(`\u2014 ${name} `))
    .map((line) => base64(line.split(" ")[2]))
    .filter((signature) => signature.subarray(0, 4).equals(id));
  if (own.length === 0) throw new Refused("not cosigned");
  for (const signature of own) {
    const said = bytes(`cosignature/v1\ntime ${signature.readBigUInt64BE(4)}\n`, note.slice(0, end));
    if (!(await subtle.verify("Ed25519", key, signature.subarray(12), said))) throw new Refused("cosignature");
  }
}

async function checkpoint(note, { name, id, key }, witnesses = []) {
  for (const witness of witnesses) await cosigned(note, witness);
  const end = note.lastIndexOf("\n\n") + 1;
  const text = note.slice(0, end);
  for (const line of note.slice(end + 1).trimEnd().split("\n")) {
    const [dash, signer, encoded] = line.split(" ");
    const signature = base64(encoded ?? "");
    if (dash !== "\u2014" || signer !== name || !signature.subarray(0, 4).equals(id)) continue;
    if (!(await subtle.verify("Ed25519", key, signature.subarray(4), utf8.encode(text)))) throw new Refused("signature");
    const [origin, size, root, ...rest] = text.split("\n");
    if (origin !== name || rest.join() !== "" || String(Number(size)) !== size) throw new Refused("checkpoint");
    return { size: Number(size), root: base64(root) };
  }
  throw new Refused("not signed");
}

const groups = (index) =>
  String(index)
    .padStart(Math.ceil(String(index).length / 3) * 3, "0")
    .match(/.{3}/g)
    .map((digits, at, all) => (at < all.length - 1 ? `x${digits}` : digits))
    .join("/");

async function readLog(url, key) {
  const fetched = async (place) => {
    const answer = await fetch(`${url}/${place}`);
    if (!answer.ok) throw new Refused(`${place}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const head = await checkpoint((await fetched("checkpoint")).toString(), key);
  const entries = [];
  for (let index = 0; index * 256 < head.size; index += 1) {
    const width = Math.min(256, head.size - index * 256);
    let bundle = await fetched(`tile/entries/${groups(index)}${width < 256 ? `.p/${width}` : ""}`);
    for (let at = 0; at < width; at += 1) {
      const length = bundle.readUInt16BE();
      entries.push(bundle.subarray(2, 2 + length));
      bundle = bundle.subarray(2 + length);
    }
  }
  const leaves = await Promise.all(entries.map(leaf));
  const roots = await rootsOf(leaves);
  if (!roots[head.size].equals(head.root)) throw new Refused("root");
  return { size: head.size, entries, leaves, roots };
}

async function checkProof(receipt, proof, key, log, witnesses) {
  const [head, ...note] = proof.split("\n\n");
  const [name, extra, place, ...path] = head.split("\n");
  if (name !== "c2sp.org/tlog-proof@v1" || !extra?.startsWith("extra ") || !place?.startsWith("index ")) throw new Refused("proof");
  const index = Number(place.slice(6));
  const { size, root } = await checkpoint(note.join("\n\n"), key, witnesses);
  const salt = await subtle.importKey("raw", base64(extra.slice(6)), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const commitment = Buffer.from(await subtle.sign("HMAC", salt, bytes("consent-evt/1\0", receipt.trim())));
  const entry = bytes(`{"v":1,"k":"evt","c":"${commitment.toString("base64url")}"}`);
  if (index >= size || size > log.size || !log.entries[index].equals(entry)) throw new Refused("not in the log");
  if (!log.roots[size].equals(root)) throw new Refused("forked");
  if (!(await walk(await leaf(entry), index, size, path.map(base64))).equals(root)) throw new Refused("path");
}

async function check(file, key, log, witnesses) {
  if (file.endsWith(".checkpoint")) {
    const { size, root } = await checkpoint(readFileSync(file, "utf8"), key, witnesses);
    if (size > log.size || !log.roots[size].equals(root)) throw new Refused("forked");
  } else {
    const proof = readFileSync(file.replace(/\.jws$/, ".tlog-proof"), "utf8");
    await checkProof(readFileSync(file, "utf8"), proof, key, log, witnesses);
  }
}

const [url, keyFile, ...files] = process.argv.slice(2);
try {
  const key = await readKey(readFileSync(keyFile, "utf8"));
  const witnesses = [];
  while (files[0] === "--witness") witnesses.push(await readKey(files.splice(0, 2)[1], 4));
  const log = await readLog(url, key);
  const refused = {};
  for (const file of files) {
    await check(file, key, log, witnesses).catch((reason) => (refused[basename(file)] = reason.message));
  }
  console.log(JSON.stringify({ size: log.size, refused }));
  process.exitCode = Object.keys(refused).length ? 1 : 0;
} catch (reason) {
  console.log(JSON.stringify({ log: reason.message }));
  process.exitCode = 2;
}
