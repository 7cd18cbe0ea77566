"""Checks receipts without Vinkje: from the standards alone, with Python and the packages cryptography and rfc8785.

    verify.py KEYS RECEIPT...

KEYS is the collector's /.well-known/jwks.json, each RECEIPT a file /r/....jws. Prints one JSON list: for each receipt what
it says, or why it is refused. Ends with 1 if one is refused, with 2 if the keys are.
"""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

RECEIPT_BYTES_MAX = 8192
KEYS_MAX = 32


class Refused(Exception):
    """Why a receipt or a key set is not believed."""


def decode(text, reason):
    """Base64url without padding; one value has one spelling (RFC 7515 section 2)."""
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Refused(reason) from None
    if encode(value) != text:
        raise Refused(reason)
    return value


def encode(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def read_json(data, reason):
    """JSON in which no name is given twice (RFC 8785 section 3.1)."""

    def once(pairs):
        members = dict(pairs)
        if len(members) != len(pairs):
            raise Refused(reason)
        return members

    try:
        return json.loads(data.decode(), object_pairs_hook=once)
    except ValueError:
        raise Refused(reason) from None


def is_strong_point(key):
    """A point of the curve of RFC 8032 section 5.1 that is none of the eight of small order."""
    p = 2**255 - 19
    d = -121665 * pow(121666, -1, p) % p
    y = int.from_bytes(key, "little") % 2**255
    # x^2 = (y^2 - 1) / (d y^2 + 1) has a root when the product of both is a square.
    on_curve = pow((y * y - 1) * (d * y * y + 1), (p - 1) // 2, p) in (0, 1)
    # Four times the point is the identity where y is 0, 1 or -1; eight times, where doubling gives y = 0.
    small = y * (y * y - 1) * (d * y**4 + 2 * y * y - 1) % p == 0
    return on_curve and not small


def read_key(jwk):
    """One key (RFC 8037 section 2) under its own thumbprint (RFC 7638)."""
    fits = jwk.get("crv") == "Ed25519" and jwk.get("alg", "Ed25519") in ("Ed25519", "EdDSA")
    if not fits or not isinstance(jwk.get("x"), str):
        raise Refused("key_set")
    key = decode(jwk["x"], "key_set")
    thumbprint = hashlib.sha256(rfc8785.dumps({"crv": "Ed25519", "kty": "OKP", "x": jwk["x"]})).digest()
    if len(key) != 32 or not is_strong_point(key) or jwk.get("kid") != encode(thumbprint):
        raise Refused("key_set")
    return jwk["kid"], Ed25519PublicKey.from_public_bytes(key)


def read_keys(data):
    """A JWK Set; keys of other types are passed over (RFC 7517 section 5)."""
    document = read_json(data, "key_set")
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or len(keys) > KEYS_MAX or not all(isinstance(key, dict) for key in keys):
        raise Refused("key_set")
    return dict(read_key(key) for key in keys if key.get("kty") == "OKP")


def text(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def version(value):
    return type(value) is int and 1 <= value < 2**32


def integer(value):
    return type(value) is int and abs(value) < 2**63


SLUG = text(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
TIME = text(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")
UUID = text(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ANY = text(r"(?s).*")
HASH = text(r"sha256-[0-9a-f]{64}")

DECISION = {"decided": text("given|not_given|requested|lapsed|withdrawn|expired|unproven|not_objected|objected|ended"), "purpose": SLUG, "until?": TIME, "version": version}


def decisions(value):
    return isinstance(value, list) and all(has_shape(decision, DECISION) for decision in value)


IMPORTED = {"claimed_at?": TIME, "file": HASH, "reference?": ANY, "source": ANY, "wording?": HASH}
REGISTERED = {"by": ANY, "claimed_at?": TIME, "scan?": HASH}
KIOSK = {"at": TIME, "behind_seconds": integer, "kiosk": UUID, "number?": integer, "staff?": ANY}
SOLD = {"product_group": SLUG, "sale": ANY, "sold_at": TIME}
RECEIPT = {
    "act": text("choices|confirmation|withdrawal|objection|expiry|import|sale"),
    "at": TIME,
    "controller": ANY,
    "decisions": decisions,
    "form": SLUG,
    "form_version": version,
    "imported?": lambda value: has_shape(value, IMPORTED),
    "iss": ANY,
    "kiosk?": lambda value: has_shape(value, KIOSK),
    "language": text("nl|en|ar"),
    "method": text("web|kiosk|manage_page|mail|term|import|paper|voice|staff|sale"),
    "notice": HASH,
    "offered_at": TIME,
    "organisation": SLUG,
    "origin?": ANY,
    "receipt": UUID,
    "registered?": lambda value: has_shape(value, REGISTERED),
    "schema": text("vinkje/receipt/1"),
    "sold?": lambda value: has_shape(value, SOLD),
    "subject": UUID,
    "ui": text("html|script|wasm|none"),
    "widget": ANY,
}


def has_shape(value, members):
    """These members, those with a question mark if need be, and no others."""
    if not isinstance(value, dict):
        return False
    needed = {name for name in members if not name.endswith("?")}
    known = {name.rstrip("?"): check for name, check in members.items()}
    return needed <= value.keys() <= known.keys() and all(known[name](value[name]) for name in value)


def read_header(data):
    header = read_json(data, "header")
    if not has_shape(header, {"alg": ANY, "kid": ANY, "typ": ANY}):
        raise Refused("header")
    if header["alg"] not in ("Ed25519", "EdDSA"):
        raise Refused("algorithm")
    if header["typ"] != "consent-receipt+jws":
        raise Refused("type")
    return header


def verify(receipt, keys):
    """The payload of a compact JWS (RFC 7515 section 7.1), if it is a receipt that one of the keys has signed."""
    if len(receipt) > RECEIPT_BYTES_MAX:
        raise Refused("too_long")
    parts = receipt.decode("ascii", "replace").split(".")
    if len(parts) != 3:
        raise Refused("shape")
    header = read_header(decode(parts[0], "shape"))
    payload, signature = decode(parts[1], "shape"), decode(parts[2], "shape")
    if len(signature) != 64:
        raise Refused("shape")
    if header["kid"] not in keys:
        raise Refused("unknown_key")
    try:
        keys[header["kid"]].verify(signature, f"{parts[0]}.{parts[1]}".encode())
    except InvalidSignature:
        raise Refused("signature") from None
    value = read_json(payload, "payload_shape")
    if not has_shape(value, RECEIPT):
        raise Refused("payload_shape")
    if value["method"] == "kiosk" and "number" not in value.get("kiosk", {"number": 0}):
        raise Refused("payload_shape")
    if rfc8785.dumps(value) != payload:
        raise Refused("payload_spelling")
    return value


def judged(file, keys):
    try:
        return {"accepted": verify(Path(file).read_bytes().strip(), keys)}
    except Refused as reason:
        return {"refused": str(reason)}


def main(keys_file, *files):
    try:
        keys = read_keys(Path(keys_file).read_bytes())
    except Refused as reason:
        print(json.dumps({"refused": str(reason)}))
        return 2
    said = [judged(file, keys) for file in files]
    print(json.dumps(said))
    return int(any("refused" in one for one in said))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
