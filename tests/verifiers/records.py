"""Checks standard records without Vinkje: with the packages PyLD and jsonschema, and the list of terms beside this file.

    records.py FILE...

Each FILE is a /r/....jsonld or a /r/....kantara.json. Prints one JSON list: for each file what it says, or why it is refused.
Ends with 1 if one is refused. Nothing is fetched: a record must bring its own context.
"""

import json
import sys
from pathlib import Path

import jsonschema
import rfc8785
from pyld import jsonld

NAMESPACES = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "legal-at": "https://w3id.org/dpv/legal/at#",
    "legal-be": "https://w3id.org/dpv/legal/be#",
    "legal-dk": "https://w3id.org/dpv/legal/dk#",
    "legal-eu": "https://w3id.org/dpv/legal/eu#",
    "legal-fr": "https://w3id.org/dpv/legal/fr#",
    "legal-ie": "https://w3id.org/dpv/legal/ie#",
    "legal-lu": "https://w3id.org/dpv/legal/lu#",
    "legal-nl": "https://w3id.org/dpv/legal/nl#",
    "loc": "https://w3id.org/dpv/loc#",
    "pd": "https://w3id.org/dpv/pd#",
    "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "https": "https:",
}

# What ISO/IEC TS 27560 makes mandatory, and what the GDPR needs kept besides: a way to it from the record.
MANDATORY = [
    "dct:identifier",
    "dct:conformsTo",
    "dpv:hasDataSubject",
    "dpv:hasNotice dct:language",
    "dpv:hasAuthority",
    "dpv:hasApplicableLaw",
    "dpv:hasProcess dpv:hasPurpose dct:description",
    "dpv:hasProcess dpv:hasPurpose skos:broader",
    "dpv:hasProcess dpv:hasLegalBasis",
    "dpv:hasProcess dpv:hasPersonalData skos:broader",
    "dpv:hasProcess dpv:hasPersonalData dpv:hasNecessity",
    "dpv:hasProcess dpv:hasDataController",
    "dpv:hasProcess dpv:hasDataSource",
    "dpv:hasProcess dpv:hasProcessing",
    "dpv:hasProcess dpv:hasStorageCondition dpv:hasLocation",
    "dpv:hasProcess dpv:hasStorageCondition dpv:hasDuration rdf:value",
    "dpv:hasProcess dpv:hasProcessingCondition dpv:hasLocation",
    "dpv:hasProcess dpv:hasJurisdiction",
    "dpv:hasProcess dpv:hasRecipient",
    "dpv:hasProcess dpv:hasConsentControl dpv:isExercisedAt",
    "dpv:hasProcess dpv:hasRight dpv:isExercisedAt",
    "dpv:hasConsentStatus dpv:isIndicatedAtTime",
    "dpv:hasConsentStatus dpv:isIndicatedBy",
    "dpv:hasConsentStatus dpv:hasIndicationMethod",
    "dpv:hasConsentStatus dpv:hasDuration rdf:value",
]
EACH_PARTY = ["dpv:hasIdentifier", "dpv:hasName", "dpv:hasAddress", "dpv:hasContact"]
STATES = ["ConsentGiven", "RenewedConsentGiven", "ConsentRefused", "ConsentWithdrawn", "ConsentExpired", "ConsentUnknown"]
STATES += ["ConsentRequested", "ConsentRequestDeferred"]
SALE_STATES = ["LegitimateInterestNotObjected", "LegitimateInterestObjected", "ActivityCompleted"]

TEXT = {"type": "string", "minLength": 1}


def an_object(required, optional=None):
    """A JSON object with these members and no others."""
    members = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": members, "additionalProperties": False}


# Kantara Consent Receipt 1.1, from the fields that its sections 4.3 to 4.6 list.
ADDRESS = an_object({"streetAddress": TEXT}, {"@type": {"const": "PostalAddress"}, "addressCountry": TEXT})
CONTROLLER = an_object(
    {"piiController": TEXT, "contact": TEXT, "address": ADDRESS, "email": TEXT, "phone": {"type": "string"}},
    {"onBehalf": {"type": "boolean"}, "piiControllerUrl": TEXT},
)
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
PURPOSE = {
    **an_object(
        {
            "consentType": {"const": "EXPLICIT"},
            "purposeCategory": TEXTS,
            "piiCategory": TEXTS,
            "termination": TEXT,
            "thirdPartyDisclosure": {"type": "boolean"},
        },
        {"purpose": TEXT, "primaryPurpose": {"type": "boolean"}, "thirdPartyName": TEXT},
    ),
    "if": {"properties": {"thirdPartyDisclosure": {"const": True}}},
    "then": {"required": ["thirdPartyName"]},
}
SERVICE = an_object({"service": TEXT, "purposes": {"type": "array", "items": PURPOSE}})
KANTARA = an_object(
    {
        "version": {"const": "KI-CR-v1.1.0"},
        "jurisdiction": TEXT,
        "consentTimestamp": {"type": "integer", "minimum": 0},
        "collectionMethod": TEXT,
        "consentReceiptID": TEXT,
        "piiPrincipalId": TEXT,
        "piiControllers": {"type": "array", "items": CONTROLLER, "minItems": 1},
        "policyUrl": {"type": "string", "format": "uri"},
        "services": {"type": "array", "items": SERVICE, "minItems": 1},
        "sensitive": {"type": "boolean"},
        "spiCat": {"type": "array", "items": TEXT},
    },
    {"publicKey": TEXT, "language": TEXT},
)


class Refused(Exception):
    """Why a record is not believed."""


def full(term):
    prefix, name = term.split(":", 1)
    return NAMESPACES[prefix] + name


def known_terms():
    lines = (Path(__file__).parent / "dpv-2.3.txt").read_text().splitlines()
    return {full(line) for line in lines if line and not line.startswith("#")}


def read(path):
    """JSON in the one spelling of RFC 8785, so no name is given twice."""
    data = path.read_bytes()
    value = json.loads(data.decode())
    if rfc8785.dumps(value) != data:
        raise Refused("spelling")
    return value


def expand(value):
    """The record as a stock processor reads it, with nothing fetched and nothing lost."""

    def no_network(url, _options):
        raise Refused("network")

    try:
        expanded = jsonld.expand(value, {"documentLoader": no_network})
    except jsonld.JsonLdError as error:
        raise Refused("network" if isinstance(error.__cause__, Refused) else "json_ld") from None
    if names(value) != names(expanded):
        raise Refused("not_in_context")
    if len(expanded) != 1:
        raise Refused("json_ld")
    return expanded[0]


def names(value):
    """How many members there are that are no keywords: expanding must keep each."""
    if isinstance(value, list):
        return sum(map(names, value))
    if isinstance(value, dict):
        return sum((not key.startswith("@")) + names(one) for key, one in value.items() if key != "@context")
    return 0


def hold_terms(value, known):
    """Every IRI of the vocabulary exists, and no term was left a plain text."""
    if isinstance(value, list):
        for one in value:
            hold_terms(one, known)
    if not isinstance(value, dict):
        return
    types = value.get("@type", [])
    iris = [key for key in value if not key.startswith("@")] + (types if isinstance(types, list) else [types])
    iris += [value["@id"]] if "@id" in value else []
    for iri in iris:
        if iri.startswith("https://w3id.org/dpv") and iri not in known:
            raise Refused(f"unknown_term {iri}")
    text = value.get("@value")
    if isinstance(text, str) and text.split(":")[0] in NAMESPACES:
        raise Refused(f"text_for_iri {text}")
    for key, one in value.items():
        if not key.startswith("@"):
            hold_terms(one, known)


def along(nodes, path):
    """All that stands at the end of a way of properties."""
    for term in path.split():
        nodes = [found for node in nodes for found in node.get(full(term), [])]
    return nodes


def typed(node, term):
    return full(term) in node.get("@type", [])


def check_record(record):
    if not typed(record, "dpv:ConsentRecord"):
        raise Refused("not_a_record")
    for path in MANDATORY:
        if not along([record], path):
            raise Refused(f"missing {path}")
    parties = along([record], "dpv:hasEntity")
    for party in parties:
        for path in EACH_PARTY:
            if not along([party], path):
                raise Refused(f"missing {path}")
    described = {party["@id"] for party in parties}
    for receiver in along([record], "dpv:hasProcess dpv:hasRecipient"):
        if receiver["@id"] not in described:
            raise Refused("recipient_not_described")
    (status,) = along([record], "dpv:hasConsentStatus")
    states = [state for state in STATES if typed(status, f"dpv:{state}")]
    if len(states) != 1:
        raise Refused("state")
    (purpose,) = along([record], "dpv:hasProcess dpv:hasPurpose dct:identifier")
    return {"purpose": purpose["@value"], "state": states[0], "parties": len(parties)}


def check_sale(process):
    """What rests on a sale says so, and has no state of consent."""
    if along([process], "dpv:hasLegalBasis") != [{"@id": full("eu-gdpr:A6-1-f")}]:
        raise Refused("basis")
    if along([process], "dpv:hasConsentControl") or along([process], "dpv:hasConsentStatus"):
        raise Refused("consent_without_consent")
    (status,) = along([process], "dpv:hasStatus")
    states = [state for state in SALE_STATES if typed(status, f"dpv:{state}")]
    if len(states) != 1 or not along([status], "dpv:isIndicatedAtTime"):
        raise Refused("state")
    (purpose,) = along([process], "dpv:hasPurpose dct:identifier")
    return {"purpose": purpose["@value"], "state": states[0]}


def check_json_ld(value, known):
    receipt = expand(value)
    hold_terms(receipt, known)
    profile = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"
    if not typed(receipt, "dpv:ConsentReceipt") or {"@id": profile} not in along([receipt], "dct:conformsTo"):
        raise Refused("not_a_receipt")
    records = along([receipt], "dpv:hasRecordOfActivity")
    # An objection where no consent stood has no record of one.
    objected = any(typed(right, "eu-gdpr:A21") for right in along([receipt], "dpv:hasRight"))
    sales = along([receipt], "dpv:hasProcess")
    if not (records or objected or sales) or not along([receipt], "dct:created"):
        raise Refused("not_a_receipt")
    said = {"receipt": receipt["@id"], "records": [check_record(record) for record in records]}
    return {**said, "sales": [check_sale(sale) for sale in sales]} if sales else said


def check_kantara(value):
    errors = list(jsonschema.Draft202012Validator(KANTARA).iter_errors(value))
    if errors:
        raise Refused(f"schema {errors[0].json_path}")
    purposes = [purpose for service in value["services"] for purpose in service["purposes"]]
    return {"receipt": value["consentReceiptID"], "agreed": [purpose.get("purpose") for purpose in purposes]}


def judge(path, known):
    try:
        value = read(path)
        said = check_json_ld(value, known) if "@context" in value else check_kantara(value)
    except Refused as refused:
        return {"refused": str(refused)}
    return {"accepted": said}


def main():
    known = known_terms()
    said = [judge(Path(name), known) for name in sys.argv[1:]]
    print(json.dumps(said))
    return 0 if all("accepted" in one for one in said) else 1


if __name__ == "__main__":
    sys.exit(main())
