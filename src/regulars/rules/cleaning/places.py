"""The shape of an address: its places, its line, and the parts of that line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddressParts:
    """What a street line is made of, each as it is written; empty where the line has none.

    `town` is a town, township or sub-district (街道, 镇, 乡), `village` one below it; `lane` a 弄 or 巷 with its
    number; `place` an estate, building or point by name; `unit` a flat, or a 单元 in China.
    """

    town: str = ""
    village: str = ""
    street: str = ""
    lane: str = ""
    number: str = ""
    place: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    po_box: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address: country (ISO 3166), region (state, province), city, district, the line of street and house as it is
    printed on a letter, the postcode, and the line's parts."""

    country: str
    region: str
    city: str
    district: str
    line: str
    postcode: str
    parts: AddressParts
