"""Checks evidence bundles without Vinkje: from the standards alone, with Python and the packages cryptography and rfc8785.

    bundle.py [--keys JWKS] [--log-key KEY] [--kept CHECKPOINT] BUNDLE...

Without --keys and --log-key the keys in the file are used. Prints one JSON list: for each bundle {"accepted": receipts} or
{"refused": code}, the code of the first step that fails. Ends with 1 if one is refused.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
from pathlib import Path

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from verify import ANY, SLUG, TIME, UUID, Refused, decode, has_shape, is_strong_point, read_json, read_key, read_keys, text, verify

BYTES_MAX = 16 * 1024 * 1024
RECEIPTS_MAX, NOTICES_MAX, KEYS_MAX, LEVELS_MAX = 4096, 256, 32, 64
WORDING_BYTES_MAX = 16 * 1024


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def node(left, right):
    return sha(b"\1", left, right)


def base64_of(value, length=None):
    """Standard base64 in its one spelling, or None."""
    try:
        raw = base64.b64decode(value, validate=True)
    except ValueError:
        return None
    fits = base64.b64encode(raw).decode() == value and (length is None or len(raw) == length)
    return raw if fits else None


def count(value):
    return type(value) is int and 0 <= value < 2**53


def hash32(value):
    return isinstance(value, str) and base64_of(value, 32) is not None


def many(check, least, most):
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(check, value))


def is_wording(words):
    return ANY(words) and len(words.encode()) <= WORDING_BYTES_MAX


PATH = many(hash32, 0, LEVELS_MAX)
JWK = {"alg?": ANY, "crv": ANY, "kid": ANY, "kty": ANY, "use?": ANY, "x": ANY}
ENTRY = {"index": count, "path": PATH, "receipt": ANY, "salt": hash32}
SINCE = {"path": PATH, "size": count}
BUNDLE = {
    "checkpoint": ANY,
    "history?": ANY,
    "keys": many(lambda key: has_shape(key, JWK), 0, KEYS_MAX),
    "kind": text("receipt|subject"),
    "log_key": ANY,
    "notices": many(ANY, 1, NOTICES_MAX),
    "receipts": many(lambda entry: has_shape(entry, ENTRY), 1, RECEIPTS_MAX),
    "schema": text("vinkje/bundle/1"),
    "since?": lambda since: has_shape(since, SINCE),
    "wordings?": many(lambda words: is_wording(words), 1, NOTICES_MAX),
}
HISTORY = {
    "at": TIME,
    "digest": text("sha256-[0-9a-f]{64}"),
    "iss": ANY,
    "organisation": SLUG,
    "receipts": count,
    "schema": text("vinkje/history/1"),
    "size": count,
    "subject": UUID,
}


def never(constant):
    raise ValueError(constant)


def canonical(data):
    """JSON in its one spelling."""
    try:
        value = json.loads(data.decode(), parse_constant=never)
        spelled = rfc8785.dumps(value)
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        raise Refused("not_json") from None
    if spelled != data:
        raise Refused("not_canonical")
    return value


def read(data):
    if len(data) > BYTES_MAX:
        raise Refused("too_long")
    value = canonical(data)
    if not has_shape(value, BUNDLE):
        raise Refused("not_a_bundle")
    if value["kind"] == "receipt" and (len(value["receipts"]) != 1 or "history" in value):
        raise Refused("not_a_bundle")
    return value


def own_keys(keys):
    if any(key["kty"] != "OKP" for key in keys):
        raise Refused("key_set")
    return dict(map(read_key, keys))


class LogKey:
    """A verifier key of C2SP signed-note for a log."""

    def __init__(self, line):
        found = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", line)
        raw = base64_of(found[3], 33) if found else None
        if raw is None or raw[0] not in (1, 4) or not is_strong_point(raw[1:]):
            raise Refused("log_key")
        self.name, self.id = found[1], sha(found[1].encode(), b"\n", raw)[:4]
        if self.id.hex() != found[2]:
            raise Refused("log_key")
        self.key = Ed25519PublicKey.from_public_bytes(raw[1:])

    def head(self, note, shape, unsigned, false, other):
        """Size and root of a checkpoint that this key signed."""
        end = note.rfind("\n\n")
        head, lines = note[: end + 1], note[end + 2 :]
        said = re.fullmatch(r"([^\n]+)\n(0|[1-9]\d*)\n([^\n]+)\n", head)
        line = r"\u2014 [^\s+]+ \S+\n"
        if end < 0 or not said or base64_of(said[3], 32) is None or not re.fullmatch(f"({line})+", lines):
            raise Refused(shape)
        signatures = [(name, base64_of(value)) for _, name, value in map(str.split, lines.splitlines())]
        if any(value is None or len(value) < 5 for _, value in signatures):
            raise Refused(shape)
        own = [value[4:] for name, value in signatures if name == self.name and value[:4] == self.id]
        if not own:
            raise Refused(unsigned)
        for signature in own:
            try:
                self.key.verify(signature, head.encode())
            except InvalidSignature:
                raise Refused(false) from None
        if said[1] != self.name:
            raise Refused(other)
        return int(said[2]), base64_of(said[3])


def signed(receipt, keys):
    try:
        return verify(receipt.encode(), keys)
    except Refused as reason:
        raise Refused(f"receipt_{reason}") from None


def read_notice(notice):
    try:
        value = read_json(notice.encode(), "wording_invalid")
        fits = rfc8785.dumps(value) == notice.encode() and value["schema"] == "vinkje/notice/1"
        value["controller"]["name"], [shown["purpose"]["id"] for shown in value["purposes"]]
    except (KeyError, TypeError):
        raise Refused("wording_invalid") from None
    if not fits:
        raise Refused("wording_invalid")
    return value


def check_wording(bundle, receipts):
    hashes = ["sha256-" + sha(notice.encode()).hex() for notice in bundle["notices"]]
    named = list(dict.fromkeys(receipt["notice"] for receipt in receipts))
    if not set(named) <= set(hashes):
        raise Refused("wording_missing")
    if named != hashes:
        raise Refused("wording_unused")
    listed = ["sha256-" + sha(words.encode()).hex() for words in bundle.get("wordings", [])]
    wanted = list(dict.fromkeys(words for words in map(words_of, receipts) if words))
    if not set(wanted) <= set(listed):
        raise Refused("wording_missing")
    if wanted != listed:
        raise Refused("wording_unused")
    notices = dict(zip(hashes, map(read_notice, bundle["notices"])))
    for receipt in receipts:
        fits(receipt, notices[receipt["notice"]])


def words_of(receipt):
    return receipt.get("imported", {}).get("wording")


def import_is_told(receipt):
    """An import names its list, nothing else does, and it agrees to nothing without date and words."""
    imported, decisions = receipt.get("imported"), receipt["decisions"]
    if receipt["act"] != "import":
        unproven = any(decision["decided"] == "unproven" for decision in decisions)
        return imported is None and receipt["method"] != "import" and not unproven
    if imported is None or receipt["method"] != "import" or not decisions:
        return False
    proven = "wording" in imported and imported.get("claimed_at", "9999") <= receipt["at"]
    told = {"given": lambda until: proven and until, "unproven": lambda until: not until}
    return all(told.get(one["decided"], lambda _: False)("until" in one) for one in decisions)


def registered_is_told(receipt):
    """Paper and voice name who entered them and when they were signed or said, a paper also its scan; a stop by staff names who.

    What came from a kiosk says which one, with its number; who was sent from there to their own phone has the kiosk and no number.
    """
    method, registered = receipt["method"], receipt.get("registered")
    numbered = {"kiosk": True, "web": False}.get(method)
    if "kiosk" in receipt and ("number" in receipt["kiosk"]) is not numbered or method == "kiosk" and "kiosk" not in receipt:
        return False
    if method not in ("paper", "voice", "staff"):
        return registered is None
    if registered is None or not registered["by"]:
        return False
    if method == "staff":
        return receipt["act"] in ("withdrawal", "objection") and set(registered) == {"by"}
    said = receipt["act"] == "choices" and registered.get("claimed_at", "9999") <= receipt["at"]
    return said and (method == "voice" or "scan" in registered)


def sale_is_told(receipt):
    """A sale names what was sold, nothing else does, and it agrees to nothing."""
    sold, decisions = receipt.get("sold"), receipt["decisions"]
    if sold is None:
        begun = any(decision["decided"] == "not_objected" for decision in decisions)
        return receipt["act"] != "sale" and receipt["method"] != "sale" and not begun
    if receipt["act"] != "sale" or receipt["method"] != "sale" or not decisions or sold["sold_at"] > receipt["at"]:
        return False
    told = {"not_objected": True, "objected": False}
    return all(told.get(one["decided"]) is ("until" in one) for one in decisions)


def fits(receipt, notice):
    """What a receipt and its wording have in common."""
    same = all(receipt[name] == notice[name] for name in ("organisation", "form", "form_version"))
    chosen = receipt["act"] in ("choices", "import", "sale")
    if not same or receipt["controller"] != notice["controller"]["name"]:
        raise Refused("wording_other")
    if chosen and receipt["language"] != notice["language"]:
        raise Refused("wording_other")
    if not import_is_told(receipt):
        raise Refused("import_false")
    if not registered_is_told(receipt):
        raise Refused("registered_false")
    if not sale_is_told(receipt):
        raise Refused("sale_false")
    shown = [(box["purpose"]["id"], box["purpose"]["version"]) for box in notice["purposes"]]
    if receipt["act"] == "sale":
        told = [one["shown"]["purpose"] for one in notice.get("customers", [])]
        told = [one for one in told if one["terms"]["product_group"] == receipt["sold"]["product_group"]]
        shown = [(one["id"], one["version"]) for one in told]
    answered = [(decision["purpose"], decision["version"]) for decision in receipt["decisions"]]
    fits = answered == shown if receipt["method"] in ("web", "kiosk", "paper", "voice") else answered and set(answered) <= set(shown)
    if chosen and not fits:
        raise Refused("boxes_differ")


def walk(leaf, index, size, path):
    """The root that a path leads to, by the recursion of RFC 6962 section 2.1.1; None if it has another length."""
    if size == 1:
        return leaf if not path else None
    if not path:
        return None
    k = 1 << (size - 1).bit_length() - 1
    if index < k:
        left = walk(leaf, index, k, path[:-1])
        return left and node(left, path[-1])
    right = walk(leaf, index - k, size - k, path[:-1])
    return right and node(path[-1], right)


def extends(old, old_root, new, new_root, path):
    """SUBPROOF of RFC 6962 section 2.1.2, read backwards."""
    if old == 0:
        return not path and old_root == sha()
    if old > new:
        return False
    path = list(path)

    def sub(m, n, whole):
        if m == n:
            root = old_root if whole else path.pop(0)
            return root, root
        k = 1 << (n - 1).bit_length() - 1
        if m <= k:
            before, now = sub(m, k, whole)
            return before, node(now, path.pop(0))
        before, now = sub(m - k, n - k, False)
        left = path.pop(0)
        return node(left, before), node(left, now)

    try:
        return sub(old, new, True) == (old_root, new_root) and not path
    except IndexError:
        return False


def is_log_of(receipt, name):
    first = f"{receipt['iss'].partition('://')[2] or receipt['iss']}/log/{receipt['organisation']}"
    # A log that was started anew has a number at the end.
    if name != first and not re.fullmatch(re.escape(first) + r"/([2-9]|[1-9]\d+)", name):
        raise Refused("other_log")


def check_places(bundle, receipts, name, size, root):
    for entry, receipt in zip(bundle["receipts"], receipts):
        is_log_of(receipt, name)
        leaf = leaf_of(commit(entry["salt"], entry["receipt"]))
        path = [base64_of(sibling) for sibling in entry["path"]]
        if entry["index"] >= size or walk(leaf, entry["index"], size, path) != root:
            raise Refused("not_in_log")


def read_history(jws, keys):
    try:
        header, payload, signature = jws.split(".")
        head = read_json(decode(header, ""), "")
        if not has_shape(head, {"alg": text("Ed25519|EdDSA"), "kid": ANY, "typ": text(r"consent-history\+jws")}):
            raise Refused("")
        keys[head["kid"]].verify(decode(signature, ""), f"{header}.{payload}".encode())
        data = decode(payload, "")
        value = read_json(data, "")
        if not has_shape(value, HISTORY) or rfc8785.dumps(value) != data:
            raise Refused("")
    except (Refused, KeyError, ValueError, InvalidSignature):
        raise Refused("history_invalid") from None
    return value


def check_history(bundle, receipts, keys, size):
    if "history" not in bundle:
        raise Refused("history_missing")
    said = read_history(bundle["history"], keys)
    if any((one["subject"], one["organisation"]) != (said["subject"], said["organisation"]) for one in receipts):
        raise Refused("history_other_person")
    digest = sha(*(entry["receipt"].encode() + b"\n" for entry in bundle["receipts"])).hex()
    same = receipts[0]["receipt"] == said["subject"] and len(receipts) == said["receipts"]
    if not same or f"sha256-{digest}" != said["digest"] or said["size"] != size:
        raise Refused("history_differs")
    places = [entry["index"] for entry in bundle["receipts"]]
    if places != sorted(set(places)):
        raise Refused("history_order")
    stands = {}
    for receipt in receipts:
        before = dict(stands)
        for decision in receipt["decisions"]:
            purpose, what = decision["purpose"], decision["decided"]
            if what == "not_given":
                continue
            state, until = before.get(purpose, ("never", "9999"))
            possible = {
                "given": (receipt["act"] != "confirmation" or state in ("requested", "withdrawn"))
                and (receipt["act"] != "import" or state == "never"),
                "unproven": receipt["act"] == "import" and state == "never",
                "not_objected": receipt["act"] == "sale" and state == "never",
                "objected": state == ("never" if receipt["act"] == "sale" else "not_objected"),
                "ended": state == "not_objected" and until <= receipt["at"],
                "requested": True,
                "withdrawn": state in ("given", "requested"),
                "expired": state == "given" and until <= receipt["at"],
                "lapsed": state == "requested" and until <= receipt["at"],
            }
            if not possible[what]:
                raise Refused("history_impossible")
            stands[purpose] = (what, decision.get("until", "9999"))


def check(data, trusted_keys, trusted_log, kept):
    bundle = read(data)
    keys, log = own_keys(bundle["keys"]), LogKey(bundle["log_key"])
    keys, log = trusted_keys or keys, trusted_log or log
    receipts = [signed(entry["receipt"], keys) for entry in bundle["receipts"]]
    check_wording(bundle, receipts)
    reasons = ("checkpoint_shape", "checkpoint_unsigned", "checkpoint_signature", "other_log")
    size, root = log.head(bundle["checkpoint"], *reasons)
    check_places(bundle, receipts, log.name, size, root)
    if bundle["kind"] == "subject":
        check_history(bundle, receipts, keys, size)
    if kept:
        old, old_root = log.head(kept, *["kept_invalid"] * 4)
        since = bundle.get("since", {})
        if old == size or since.get("size") == old:
            path = [] if old == size else [base64_of(sibling) for sibling in since["path"]]
            if not extends(old, old_root, size, root, path):
                raise Refused("forked")
    return len(receipts)


HEAD = {name: BUNDLE[name] for name in ("checkpoint", "keys", "log_key")} | {"schema": text("vinkje/bundle-lines/1")}
LINES = ({"notice": ANY}, {"wording": is_wording}, {"receipt": ANY, "salt": hash32}, {"erased": hash32})


def read_line(line, *shapes):
    if len(line) > 512 * 1024:
        raise Refused("too_long")
    value = canonical(line)
    if not any(has_shape(value, shape) for shape in shapes):
        raise Refused("not_a_bundle")
    return value


def leaf_of(commitment):
    committed = base64.urlsafe_b64encode(commitment).rstrip(b"=").decode()
    return sha(b"\0", f'{{"v":1,"k":"evt","c":"{committed}"}}'.encode())


def commit(salt, receipt):
    return hmac.digest(base64_of(salt), b"consent-evt/1\0" + receipt.encode(), "sha256")


def root(leaves):
    """MTH of RFC 6962 section 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root(leaves[:k]), root(leaves[k:]))


def check_lines(data, trusted_keys, trusted_log, kept):
    """The bundle of an organisation: each entry of its log on a line."""
    first, *lines = data.removesuffix(b"\n").split(b"\n")
    head = read_line(first, HEAD)
    keys, log = own_keys(head["keys"]), LogKey(head["log_key"])
    keys, log = trusted_keys or keys, trusted_log or log
    reasons = ("checkpoint_shape", "checkpoint_unsigned", "checkpoint_signature", "other_log")
    size, top = log.head(head["checkpoint"], *reasons)
    leaves, notices, named, wordings, spoken = [], {}, set(), set(), set()
    for line in map(lambda line: read_line(line, *LINES), lines):
        if "notice" in line:
            digest = "sha256-" + sha(line["notice"].encode()).hex()
            value = read_notice(line["notice"])
            if digest in notices:
                raise Refused("wording_unused")
            notices[digest] = value
        elif "wording" in line:
            digest = "sha256-" + sha(line["wording"].encode()).hex()
            if digest in wordings:
                raise Refused("wording_unused")
            wordings.add(digest)
        elif "erased" in line:
            leaves.append(leaf_of(base64_of(line["erased"])))
        else:
            receipt = signed(line["receipt"], keys)
            if receipt["notice"] not in notices:
                raise Refused("wording_missing")
            named.add(receipt["notice"])
            fits(receipt, notices[receipt["notice"]])
            words = words_of(receipt)
            if words and words not in wordings:
                raise Refused("wording_missing")
            spoken.add(words)
            is_log_of(receipt, log.name)
            leaves.append(leaf_of(commit(line["salt"], line["receipt"])))
    if len(leaves) != size or root(leaves) != top:
        raise Refused("log_differs")
    if named != notices.keys() or wordings - spoken:
        raise Refused("wording_unused")
    if kept:
        old, old_root = log.head(kept, *["kept_invalid"] * 4)
        if old <= size and root(leaves[:old]) != old_root:
            raise Refused("forked")
    return size


def judged(file, *trust):
    if file.endswith(".jsonl"):
        return judged_by(check_lines, file, *trust)
    return judged_by(check, file, *trust)


def judged_by(check, file, *trust):
    try:
        return {"accepted": check(Path(file).read_bytes(), *trust)}
    except Refused as reason:
        return {"refused": str(reason)}


def main():
    parser = argparse.ArgumentParser()
    for name in ("--keys", "--log-key", "--kept"):
        parser.add_argument(name, type=Path)
    parser.add_argument("bundles", nargs="+")
    args = parser.parse_args()
    keys = args.keys and read_keys(args.keys.read_bytes())
    log = args.log_key and LogKey(args.log_key.read_text().strip())
    said = [judged(file, keys, log, args.kept and args.kept.read_text()) for file in args.bundles]
    print(json.dumps(said))
    return int(any("refused" in one for one in said))


if __name__ == "__main__":
    sys.exit(main())
