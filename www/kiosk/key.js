/**
 * The key of this screen: it signs, and nobody can read it.
 *
 * Invariant: the private half is made so that the browser never gives it out (`extractable: false`).
 */

const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const bytes = (base64url) => Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

export const makeKey = () => crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);

/** The public half: 32 bytes, base64url. */
export const publicText = async (pair) => text(await crypto.subtle.exportKey("raw", pair.publicKey));

/** A text with its signature behind it (RFC 7515 §7.1). */
export async function sign(pair, unsigned) {
  const signature = await crypto.subtle.sign("Ed25519", pair.privateKey, new TextEncoder().encode(unsigned));
  return `${unsigned}.${text(signature)}`;
}

/** Whether a PIN is the one that a setting knows (RFC 8018 §5.2). */
export async function isPin(pin, { rounds, salt, hash }) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: rounds };
  return text(await crypto.subtle.deriveBits(how, key, 256)) === hash;
}

export const random = (count) => crypto.getRandomValues(new Uint8Array(count));
