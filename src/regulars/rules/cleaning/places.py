"""The shape of an address: its places, its line, and the parts of that line."""

from dataclasses import dataclass

from regulars.rules.cleaning.writing import HAN


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

    @property
    def on_a_letter(self) -> str:
        """The line as it is printed above city and postcode: with its district, which nothing else says.

        >>> Address("CN", "浙江省", "杭州市", "西湖区", "文三路90号", "", AddressParts()).on_a_letter
        '西湖区文三路90号'
        """
        if self.district and self.line.startswith(self.district):
            return self.line
        between = "" if HAN.search(self.district) else ", "
        return between.join(part for part in (self.district, self.line) if part)


def in_one_line(*parts: str | None) -> str:
    """Parts of an address, the smallest first, as they are read in a line: Chinese from the province down and close
    together, others with commas between them.

    >>> in_one_line("杭州市", "浙江省"), in_one_line("Sacramento", "CA"), in_one_line("上海市", "上海市")
    ('浙江省杭州市', 'Sacramento, CA', '上海市')
    """
    told = list(dict.fromkeys(part for part in parts if part))
    if all(HAN.search(part) or part.isdecimal() for part in told):
        return "".join(reversed(told))
    return ", ".join(told)
