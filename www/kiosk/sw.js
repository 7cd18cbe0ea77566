/**
 * Keeps the screen at a counter going without network: its page and its files; and sends what waits where no page is open.
 *
 * In scope: the page, and files that carry their hash in their name. Out of scope: entries (`store.js`), which are never in a cache;
 * sending them (`background.js`).
 *
 * Invariant: no answer to a POST and no page of a person is ever kept here.
 */

import { makeRoom, sendAlone } from "./background.js";

/** Filled in by the collector; another list makes this another worker. */
const FILES = "__VINKJE_FILES__";
const CACHE = `vinkje-kiosk-${FILES.join()}`;

const isPage = (url) => /^\/kiosk\/[a-z0-9-]+$/.test(url.pathname);
const isFile = (url) => FILES.includes(url.pathname);

/** The files, and fresh copies of the pages that an earlier worker kept. */
async function fill() {
  const cache = await caches.open(CACHE);
  const pages = [];
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    pages.push(...kept.map((request) => new URL(request.url)).filter(isPage));
  }
  await cache.addAll([...FILES, ...new Set(pages.map((url) => url.pathname))]);
}

async function forgetOthers() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
}

async function answer(request, url) {
  const cache = await caches.open(CACHE);
  // What was asked for behind the path says nothing to the page.
  const kept = await cache.match(url.pathname);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(url.pathname, fresh.clone());
  return fresh;
}

addEventListener("sync", (event) => event.waitUntil(sendAlone(FILES.find((file) => file.endsWith(".wasm")))));
addEventListener("message", ({ data }) => data === "page" && makeRoom());
addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = event.request.method === "GET" && url.origin === location.origin;
  if (ours && (isPage(url) || isFile(url))) event.respondWith(answer(event.request, url));
});
