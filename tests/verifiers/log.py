"""Checks an evidence log without Vinkje: from RFC 6962 and the C2SP texts alone, with Python and the package cryptography.

    log.py LOG_URL KEY_FILE [--witness KEY]... [FILE...]

LOG_URL is https://.../log/NAME, KEY_FILE holds its verifier key. Each FILE is a receipt (.jws) with its proof beside it
(.tlog-proof), or a checkpoint that was kept (.checkpoint). Every witness that is named must have cosigned each checkpoint,
also those in proofs. Reads checkpoint, tiles and entries as any C2SP client does, makes
the tree anew, and prints {"size": entries, "refused": {file: reason}}. Ends with 2 when the log itself is not believed.
"""

import base64
import hashlib
import hmac
import json
import sys
import urllib.request
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    """Why something is not believed."""


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf(entry):
    return sha(b"\0", entry)


def node(left, right):
    return sha(b"\1", left, right)


def root(leaves):
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node(root(leaves[:k]), root(leaves[k:]))


def path(m, leaves):
    """PATH of RFC 6962 section 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return path(m, leaves[:k]) + [root(leaves[k:])]
    return path(m - k, leaves[k:]) + [root(leaves[:k])]


class Key:
    """A verifier key of C2SP signed-note."""

    def __init__(self, line, kind=1):
        self.name, key_id, material = line.strip().split("+", 2)
        material = base64.b64decode(material)
        self.id = sha(self.name.encode(), b"\n", material)[:4]
        if material[0] != kind or self.id.hex() != key_id:
            raise Refused("key")
        self.key = Ed25519PublicKey.from_public_bytes(material[1:])

    def signature(self, note):
        """Text and signature of a note that this key signed."""
        text, _, lines = note.rpartition("\n\n")
        for line in lines.splitlines():
            dash, name, signature = line.split(" ")
            signature = base64.b64decode(signature)
            if dash == "\u2014" and name == self.name and signature[:4] == self.id:
                return text + "\n", signature[4:]
        return None

    def check(self, signature, text, reason):
        try:
            self.key.verify(signature, text.encode())
        except InvalidSignature:
            raise Refused(reason) from None

    def open(self, note):
        """The text of a note that this key signed."""
        found = self.signature(note)
        if not found:
            raise Refused("not signed")
        text, signature = found
        self.check(signature, text, "signature")
        return text

    def cosigned(self, note):
        """Whether this witness cosigned a note (C2SP tlog-cosignature)."""
        found = self.signature(note)
        if not found:
            raise Refused("not cosigned")
        text, signature = found
        time = int.from_bytes(signature[:8], "big")
        self.check(signature[8:], f"cosignature/v1\ntime {time}\n{text}", "cosignature")


def checkpoint(note, key, witnesses=()):
    for witness in witnesses:
        witness.cosigned(note)
    origin, size, top, *rest = key.open(note).split("\n")
    if origin != key.name or rest != [""] or str(int(size)) != size:
        raise Refused("checkpoint")
    return int(size), base64.b64decode(top)


def groups(index):
    text = f"{index % 1000:03}"
    while index := index // 1000:
        text = f"x{index % 1000:03}/{text}"
    return text


class Log:
    def __init__(self, url, key):
        self.url = url
        self.size, top = checkpoint(self.fetch("checkpoint", "text/plain; charset=utf-8").decode(), key)
        self.entries = list(self.read_entries())
        self.leaves = [leaf(entry) for entry in self.entries]
        if root(self.leaves) != top:
            raise Refused("root")
        if len(set(self.entries)) != self.size:
            raise Refused("an entry stands twice")
        self.check_tiles()

    def fetch(self, place, kind="application/octet-stream"):
        with urllib.request.urlopen(f"{self.url}/{place}") as answer:
            if answer.headers["content-type"] != kind:
                raise Refused(f"media type of {place}")
            if place.startswith("tile/") and "immutable" not in answer.headers["cache-control"]:
                raise Refused(f"caching of {place}")
            return answer.read()

    def tiles(self, count):
        for index in range(-(-count // 256)):
            width = min(256, count - index * 256)
            yield groups(index) + ("" if width == 256 else f".p/{width}"), index, width

    def read_entries(self):
        for place, _, width in self.tiles(self.size):
            bundle = self.fetch(f"tile/entries/{place}")
            for _ in range(width):
                length = int.from_bytes(bundle[:2], "big")
                yield bundle[2 : 2 + length]
                bundle = bundle[2 + length :]
            if bundle:
                raise Refused("entries beyond the tile")

    def check_tiles(self):
        """Every hash tile, of every level, against the tree made from the entries."""
        hashes, level = self.leaves, 0
        while hashes:
            for place, index, width in self.tiles(len(hashes)):
                if self.fetch(f"tile/{level}/{place}") != b"".join(hashes[index * 256 : index * 256 + width]):
                    raise Refused(f"tile {level}/{place}")
            full = len(hashes) // 256
            hashes, level = [root(hashes[at * 256 : at * 256 + 256]) for at in range(full)], level + 1


def check_proof(receipt, proof, key, log, witnesses):
    head, _, note = proof.partition("\n\n")
    name, extra, index, *hashes = head.split("\n")
    if name != "c2sp.org/tlog-proof@v1" or not extra.startswith("extra ") or not index.startswith("index "):
        raise Refused("proof")
    salt, index = base64.b64decode(extra[6:]), int(index[6:])
    size, top = checkpoint(note, key, witnesses)
    commitment = hmac.digest(salt, b"consent-evt/1\0" + receipt.strip().encode(), "sha256")
    text = base64.urlsafe_b64encode(commitment).rstrip(b"=").decode()
    entry = f'{{"v":1,"k":"evt","c":"{text}"}}'.encode()
    if index >= size or size > log.size or log.entries[index] != entry:
        raise Refused("not in the log")
    if root(log.leaves[:size]) != top:
        raise Refused("forked")
    if [base64.b64decode(line) for line in hashes] != path(index, log.leaves[:size]):
        raise Refused("path")


def check(file, key, log, witnesses):
    if file.suffix == ".checkpoint":
        size, top = checkpoint(file.read_text(), key, witnesses)
        if size > log.size or root(log.leaves[:size]) != top:
            raise Refused("forked")
    else:
        check_proof(file.read_text(), file.with_suffix(".tlog-proof").read_text(), key, log, witnesses)


def main(url, key, *files):
    witnesses = []
    try:
        key = Key(Path(key).read_text())
        while files[:1] == ("--witness",):
            witnesses.append(Key(files[1], kind=4))
            files = files[2:]
        log = Log(url, key)
    except Refused as reason:
        print(json.dumps({"log": str(reason)}))
        return 2
    refused = {}
    for file in map(Path, files):
        try:
            check(file, key, log, witnesses)
        except (Refused, ValueError, IndexError) as reason:
            refused[file.name] = str(reason)
    print(json.dumps({"size": log.size, "refused": refused}))
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
