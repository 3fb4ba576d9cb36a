"""The figures of the model, as data: settings as Splink 5 reads them, and how common family names are.

A batch that trains m and u on the house's own records hands in the same shape (see `model.model_of`); names and order
of levels are what both paths agree on, the figures may move. These are first guesses: m from how often people at desks
mistype, mishear and move; u from calendars, numbering plans and the lists named below.

Columns are those of `encoding`: every name, date, place and contact a keyed mark or a list of them, nothing in clear.
Family names: shares among Han Chinese after the register of 2020 (Ministry of Public Security), homophones together;
Western ones after the United States' census of 2010, some after lists of German, Korean and Vietnamese names.
"""

from typing import Any, Final

_BY_FREQUENCY: Final = {
    "tf_adjustment_column": "family", "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 0.00005,
    "disable_tf_exact_match_detection": True,
}  # fmt: skip


def _null(sql: str) -> dict[str, Any]:
    return {"label_for_charts": "unknown", "sql_condition": sql, "is_null_level": True}


def _level(name: str, sql: str, m: float, u: float, **more: object) -> dict[str, Any]:
    return {"label_for_charts": name, "sql_condition": sql, "m_probability": m, "u_probability": u, **more}


def _slip(column: str) -> str:
    """Two words with one letter left out of each, or of one, are the same."""
    return _any(f"{column}_slips")


def _any(column: str) -> str:
    return f"list_has_any({column}_l, {column}_r)"


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _absent(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


_SWAPPED: Final = "family_l = given_r AND given_l = family_r AND family_l <> family_r"
_CROSSED: Final = "list_has_any({}_slips_l, {}_slips_r)"
_NEARLY_SWAPPED: Final = (
    "family_l <> family_r AND given_l <> given_r"
    f" AND ((family_l = given_r AND {_CROSSED.format('given', 'family')})"
    f" OR (given_l = family_r AND {_CROSSED.format('family', 'given')}))"
)
_INITIAL: Final = "(given_is_initial_l OR given_is_initial_r) AND given_initial_l = given_initial_r"
_PARTS_ALIKE: Final = " + ".join(f"(birth_{part}_l = birth_{part}_r)::int" for part in ("year", "month", "day"))
_DAY_MONTH: Final = " AND ".join(
    f"birth_{one}_l = birth_{other}_r" for one, other in (("year", "year"), ("month", "day"), ("day", "month"))
)
_NO_PLACE: Final = " AND ".join(
    f"({column}_l IS NULL OR {column}_r IS NULL)" for column in ("city", "postcode", "home")
)

COMPARISONS: Final[dict[str, list[dict[str, Any]]]] = {
    "family_name": [
        _null(_absent("family")),
        _level("swapped", _SWAPPED, 0.03, 0.0002, **_BY_FREQUENCY),
        _level("same", _same("family_written"), 0.8, 0.012, **_BY_FREQUENCY),
        _level("same_reading", _same("family"), 0.1, 0.012, **_BY_FREQUENCY),
        _level("swapped_with_slip", _NEARLY_SWAPPED, 0.0006, 0.0002),
        _level("sounds_alike", _same("family_sound"), 0.015, 0.01),
        _level("slip", _slip("family"), 0.03, 0.008),
        _level("other", "ELSE", 0.0244, 0.9576),
    ],
    "given_name": [
        _null(_absent("given")),
        _level("swapped", _SWAPPED, 0.03, 0.0012),
        _level("same", _same("given_written"), 0.7, 0.004),
        _level("same_reading", _same("given"), 0.08, 0.003),
        _level("swapped_with_slip", _NEARLY_SWAPPED, 0.0006, 0.0012),
        _level("nickname", _any("given_pet"), 0.03, 0.001),
        _level("part", _any("given_words"), 0.04, 0.01),
        _level("initial", _INITIAL, 0.03, 0.03),
        _level("sounds_alike", _same("given_sound"), 0.02, 0.006),
        _level("slip", _slip("given"), 0.03, 0.01),
        _level("other", "ELSE", 0.0394, 0.9336),
    ],
    "birth_on": [
        _null(_absent("birth_on")),
        _level("same", _same("birth_on"), 0.92, 0.00005),
        _level("day_month", _DAY_MONTH, 0.01, 0.00003),
        _level("two_of_three", f"{_PARTS_ALIKE} = 2", 0.03, 0.005),
        _level("year", _same("birth_year"), 0.005, 0.0165),
        _level("other", "ELSE", 0.035, 0.97842),
    ],
    "phone": [
        _null(_absent("phone")),
        _level("same", _any("phone"), 0.72, 0.000001),
        _level("tail", _any("phone_tail"), 0.02, 0.000002),
        _level("part", _any("phone_part"), 0.03, 0.0006),
        _level("other", "ELSE", 0.23, 0.999397),
    ],
    "email": [
        _null(_absent("email")),
        _level("same", _any("email"), 0.75, 0.000001),
        _level("same_user", _any("email_user"), 0.04, 0.00001),
        _level("other", "ELSE", 0.21, 0.999989),
    ],
    "address": [
        _null(_NO_PLACE),
        _level("home", _any("home"), 0.64, 0.000004),
        _level("house_and_postcode", _any("house"), 0.06, 0.00005),
        _level("postcode", _same("postcode"), 0.07, 0.003),
        _level("city", _same("city"), 0.11, 0.03),
        _level("other", "ELSE", 0.12, 0.966946),
    ],
    "sex": [
        _null(_absent("sex")),
        _level("same", _same("sex"), 0.98, 0.5),
        _level("other", "ELSE", 0.02, 0.5),
    ],
    "plate": [
        _null(_absent("plate")),
        _level("same", _any("plate"), 0.8, 0.0000001),
        _level("other", "ELSE", 0.2, 0.9999999),
    ],
    "reference": [
        _null(_absent("reference")),
        _level("same", _any("reference"), 0.75, 0.0000001),
        _level("slip", _any("reference_slips"), 0.05, 0.00001),
        _level("other", "ELSE", 0.2, 0.9999899),
    ],
}  # fmt: skip

#: Everything Splink wants to know.
SETTINGS: Final[dict[str, Any]] = {
    "link_type": "dedupe_only",
    "unique_id_column_name": "id",
    "probability_two_random_records_match": 0.0000005,
    "retain_matching_columns": False,
    "retain_intermediate_calculation_columns": True,
    "blocking_rules_to_generate_predictions": [
        {"blocking_rule": rule}
        for rule in (
            "l.family = r.family AND l.given = r.given AND l.city = r.city",
            "l.family = r.family AND l.birth_on = r.birth_on",
            "l.given = r.given AND l.birth_on = r.birth_on",
            "l.family = r.given AND l.given = r.family AND l.birth_on = r.birth_on",
            "l.phone[1] = r.phone[1]",
            "l.email[1] = r.email[1]",
            "l.plate[1] = r.plate[1]",
            "l.reference[1] = r.reference[1]",
        )
    ],
    "comparisons": [{"output_column_name": name, "comparison_levels": told} for name, told in COMPARISONS.items()],
}

#: Levels that only hold where the family name, or the whole name, agrees as well: what agrees twice is counted once, so
#: a training leaves their u, which is that among people of one name.
WITH_THE_NAME: Final = frozenset({("phone", "part"), ("email", "same_user"), ("address", "house_and_postcode")})

#: How often two *different* persons of one household stand on each level: brothers and wives share name, home and
#: phone; twins the birth date as well, a father and his son the whole name. What speaks for one person has to speak
#: against that too (see `model.Model.apart`). First guesses, from how families live.
HOUSEHOLD: Final[dict[str, dict[str, float]]] = {
    "family_name": {"swapped": 0.0005, "same": 0.8, "same_reading": 0.02, "swapped_with_slip": 0.0001,
                    "sounds_alike": 0.003, "slip": 0.006, "other": 0.1704},
    "given_name": {"swapped": 0.0005, "same": 0.02, "same_reading": 0.005, "swapped_with_slip": 0.0001,
                   "nickname": 0.003, "part": 0.1, "initial": 0.05, "sounds_alike": 0.01, "slip": 0.03,
                   "other": 0.7814},
    "birth_on": {"same": 0.015, "day_month": 0.0005, "two_of_three": 0.01, "year": 0.02, "other": 0.9545},
    "phone": {"same": 0.3, "tail": 0.001, "part": 0.02, "other": 0.679},
    "email": {"same": 0.1, "same_user": 0.005, "other": 0.895},
    "address": {"home": 0.85, "house_and_postcode": 0.05, "postcode": 0.04, "city": 0.03, "other": 0.03},
    "sex": {"same": 0.45, "other": 0.55},
    "plate": {"same": 0.5, "other": 0.5},
    "reference": {"same": 0.02, "slip": 0.01, "other": 0.97},
}  # fmt: skip
#: So many other records of her own, and so many others of her household, there are to a customer, on average.
OTHERS_OF_OWN: Final = 0.1
OTHERS_AT_HOME: Final = 0.5

#: How many of one a family name not listed here is borne by.
RARE: Final = 0.0002
_IN_A_THOUSAND: Final = (
    "84 li; 76 wang; 71 zhang; 55 liu; 46 chen; 33 yang; 26 xu; 23 huang wu; 22 zhao; 21 zhou; 16 he; 15 jiang "
    "sun; 14 hu lu zhu; 13 yu; 12 gao guo lin; 11 luo ma; 10 tang; 9 liang song wei zheng; 8.3 smith; 8 han xie; "
    "7 feng fu; 6.5 johnson; 6 cao cheng deng dong peng shen shi xiao yan yuan zeng; 5.5 williams; 5 cai ding du "
    "jia lee su ye; 4.9 brown; 4.8 jones; 4 dai fan fang jin liao pan qin qiu ren tan tian xia xiong yao zhong "
    "zou; 3.9 garcia miller; 3.8 davis; 3.7 rodriguez; 3.6 martinez; 3 bai cui gong gu hao hou kang kim kong long "
    "mao meng mueller muller nguyen shao wan xue yin; 2.7 anderson; 2.6 taylor thomas; 2.5 moore; 2.4 jackson "
    "martin; 2.3 thompson; 2.2 schmidt white; 2.1 harris; 2 duan lai murphy qian singh; 1.9 clark; 1.8 lewis "
    "robinson walker; 1.7 young; 1.6 allen king wright; 1.5 green hill khan scott; 1.4 adams baker nelson; 1.3 "
    "carter kelly mitchell roberts schneider; 1.2 patel; 1.1 fischer; 1 meyer park weber; 0.8 ouyang; 0.3 shan; "
    "0.1 shangguan sima situ zhuge "
)
#: Family name in letters → its share among all.
FAMILIES: Final = {
    name: float(words[0]) / 1000 for words in map(str.split, _IN_A_THOUSAND.split(";")) for name in words[1:]
}
