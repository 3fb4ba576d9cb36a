"""The dictionary in the words of the Data Privacy Vocabulary (W3C DPVCG, DPV 2), as JSON-LD 1.1.

One `dpv:Process` per purpose, with the personal data it may use; one node per column of a table about persons. The
terms are those of https://w3id.org/dpv (W3C Community Final Specification Agreement); only their names are used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from regulars.rules.privacy.dictionary import PURPOSES, Class, Column, Table
from regulars.rules.privacy.keeping import read_keep
from regulars.rules.privacy.own_attributes import OwnAttribute

CONTEXT: Final[Mapping[str, Any]] = {
    "@version": 1.1,
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "fides": "https://ethyca.github.io/fideslang/taxonomy/data_categories/#",
}
#: Every term of the vocabulary that is used here.
TERMS: Final = frozenset(
    """
    Process PersonalData SensitivePersonalData IdentifyingPersonalData PseudonymisedData NonPersonalData Customer
    StorageCondition StorageDuration hasPersonalData hasData hasPurpose hasDataSubject hasStorageCondition hasDuration
    CustomerCare CustomerOrderManagement CustomerManagement OrganisationGovernance CommercialResearch DirectMarketing
    CommercialPurpose CustomerRelationshipManagement CommunicationManagement
    """.split()
)
PURPOSE: Final[Mapping[str, str]] = {
    "service": "CustomerCare",
    "operations": "CustomerOrderManagement",
    "data_care": "CustomerManagement",
    "oversight": "OrganisationGovernance",
    "analysis": "CommercialResearch",
    "direct_marketing": "DirectMarketing",
    "third_party_disclosure": "CommercialPurpose",
    "automated_decision": "CustomerRelationshipManagement",
    "sensitive_use": "CustomerCare",
    "delivery": "CommunicationManagement",
}
CLASS: Final[Mapping[str, str]] = {
    Class.IDENTIFYING: "IdentifyingPersonalData",
    Class.PERSONAL: "PersonalData",
    Class.SENSITIVE: "SensitivePersonalData",
    Class.PSEUDONYM: "PseudonymisedData",
    Class.NONE: "NonPersonalData",
}
Held = tuple[str, Column]


def as_dpv(tables: Iterable[Table], attributes: Sequence[OwnAttribute]) -> dict[str, Any]:
    """The whole dictionary as one JSON-LD document.

    >>> from regulars.rules.privacy.dictionary import personal
    >>> sex = personal("sex", "user.demographic.gender", "Sex", "性别")
    >>> as_dpv([Table("customer", "Customers", (sex,), person="id")], [])["@graph"][-1]["@type"]
    'dpv:PersonalData'
    """
    held = [(f"{table.name}.{column.name}", column) for table in tables if table.person for column in table.columns]
    held += [(f"own.{one.key}", one.column) for one in attributes if one.data_class]
    shown = [(name, column) for name, column in held if not column.hidden]
    return {"@context": dict(CONTEXT), "@graph": [*_processes(shown), *(_node(*one) for one in shown)]}


def _processes(held: Sequence[Held]) -> Iterator[dict[str, Any]]:
    for purpose in PURPOSES:
        used = [(name, c) for name, c in held if purpose in c.purposes]
        yield {
            "@id": f"#purpose-{purpose}", "@type": "dpv:Process", "dct:title": purpose,
            "dpv:hasPurpose": {"@id": f"dpv:{PURPOSE[purpose]}"}, "dpv:hasDataSubject": {"@id": "dpv:Customer"},
            "dpv:hasPersonalData": [{"@id": f"#{n}"} for n, c in used if c.class_ is not Class.NONE],
            "dpv:hasData": [{"@id": f"#{n}"} for n, c in used if c.class_ is Class.NONE],
        }  # fmt: skip


def _node(name: str, column: Column) -> dict[str, Any]:
    labels = [{"@language": "en", "@value": column.label}, {"@language": "zh-Hans", "@value": column.label_zh}]
    return {
        "@id": f"#{name}", "@type": f"dpv:{CLASS[column.class_]}", "skos:prefLabel": labels,
        "skos:related": {"@id": f"fides:{column.category}"}, "dpv:hasStorageCondition": _stored(column.keep),
    }  # fmt: skip


def _stored(keep: str) -> dict[str, Any]:
    days = read_keep(keep).days
    if days is None:
        return {"@type": "dpv:StorageCondition", "dct:description": keep}
    lasts = {"@type": "xsd:duration", "@value": f"P{days}D"}
    return {"@type": "dpv:StorageDuration", "dct:description": keep, "dpv:hasDuration": lasts}
