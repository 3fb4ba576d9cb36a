"""Phones, mails and postcodes as files have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.cleaning.emails import MISTYPED, clean_email, read_email
from regulars.rules.cleaning.phones import clean_phone, read_phone
from regulars.rules.cleaning.postcodes import CHINESE_ZONES, clean_postcode

PHONES = [
    ("138 0013 8000", "CN", "+8613800138000", ("separators_removed", "country_code_added")),
    ("+86 138-0013-8000", "", "+8613800138000", ("separators_removed",)),
    ("008613800138000", "CN", "+8613800138000", ("plus_restored",)),
    ("8613800138000", "CN", "+8613800138000", ("plus_restored",)),
    ("8613800138000", "US", "+8613800138000", ("plus_restored",)),
    ("0571-87654321", "CN", "+8657187654321", ("separators_removed", "country_code_added")),
    ("0571-87654321转801", "CN", "+8657187654321;ext=801", ("extension_apart", "separators_removed", "country_code_added")),
    ("(020) 7946 0018", "GB", "+442079460018", ("separators_removed", "country_code_added")),
    ("+44 (0)20 7946 0018", "", "+442079460018", ("separators_removed",)),
    ("4915112345678", "DE", "+4915112345678", ("plus_restored",)),
    ("171 1234567", "DE", "+491711234567", ("separators_removed", "country_code_added")),
    ("1-800-FLOWERS", "US", "+18003569377", ("separators_removed", "country_code_added")),
    ("Tel: +1 212 555 0123 ext. 45", "", "+12125550123;ext=45", ("label_removed", "extension_apart", "separators_removed")),
    ("手机：13800138000", "CN", "+8613800138000", ("full_width", "label_removed", "country_code_added")),
    ("138O0138OOO", "CN", "+8613800138000", ("lookalike_replaced", "country_code_added")),
    ("l38 0013 8000", "CN", "+8613800138000", ("lookalike_replaced", "separators_removed", "country_code_added")),
    ("021-12345678-123", "CN", "+862112345678;ext=123", ("extension_apart", "separators_removed", "country_code_added")),
    ("400-123-4567-8", "CN", "+864001234567;ext=8", ("extension_apart", "separators_removed", "country_code_added")),
    ("030/123456-78", "DE", "+493012345678", ("separators_removed", "country_code_added")),
    ("13800138000/13900139000", "CN", "+8613800138000", ("country_code_added", "several_numbers")),
    ("13800138000（王芳）", "CN", "+8613800138000", ("full_width", "aside_apart", "country_code_added")),
    ("13800138000 王芳", "CN", "+8613800138000", ("aside_apart", "country_code_added")),
    ("一三八〇〇一三八〇〇〇", "CN", "+8613800138000", ("digits_spelled", "country_code_added")),
    ("١٣٨٠٠١٣٨٠٠٠", "CN", "+8613800138000", ("digits_spelled", "country_code_added")),
    ("+8610000001234", "", "+8610000001234", ("not_given_out",)),
    ("91234567", "SG", "+6591234567", ("country_code_added",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "country", "dialled", "reasons"), PHONES)
def test_a_phone_and_what_is_told_about_it(text: str, country: str, dialled: str, reasons: tuple[str, ...]) -> None:
    found = clean_phone(text, country)
    assert found.value is not None
    assert found.value.dialled == dialled
    assert set(reasons) <= set(found.reasons) <= {*reasons, "separators_removed"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing_there"), ("无", "placeholder"), ("00000000", "placeholder"), ("123456", "placeholder"), ("11111111111", "placeholder"),
        ("138****8000", "masked"), ("1.38E+10", "shortened_number"), ("call me", "not_a_phone"), ("110", "not_a_phone"), ("1" * 500, "not_a_phone"),
    ],
    ids=lambda value: value[:12],
)  # fmt: skip
def test_what_is_no_phone_says_why(text: str, reason: str) -> None:
    assert clean_phone(text, "CN").reasons == (reason,)


@given(
    national=st.integers(13_000_000_000, 19_999_999_999),
    style=st.sampled_from(("{}", "+86{}", "0086{}", "86{}", "+86 {}")),
)
def test_however_it_is_written_a_mobile_is_one_number(national: int, style: str) -> None:
    found = clean_phone(style.format(national), "CN")
    if found.value is not None and found.validity == "valid":
        assert found.value.number == f"+86{national}" == read_phone(str(national), "CN")


EMAILS = [
    ("Ann.Archer@Example.COM", "Ann.Archer@example.com", ("domain_small_letters",)),
    ("ann @ example.com", "ann@example.com", ("at_sign_restored",)),
    ("ann@example.com.", "ann@example.com", ("mark_at_end",)),
    ("mailto:ann@example.com?subject=x", "ann@example.com", ("mailto_removed",)),
    ("Ann <ann@example.com>", "ann@example.com", ("name_apart",)),
    ("ann(at)example(dot)com", "ann@example.com", ("at_sign_restored",)),
    ("ann@example,com", "ann@example.com", ("comma_to_dot",)),
    ("ann＠example。com", "ann@example.com", ("full_width", "at_sign_restored")),
    ("邮箱：123456@qq.com", "123456@qq.com", ("full_width", "label_removed")),
    ("ann@gmial.com", "ann@gmial.com", ("domain_mistyped",)),
    ("123456@qq.con", "123456@qq.con", ("domain_mistyped",)),
    ("info@example.com", "info@example.com", ("role_address",)),
    ("test@test.com", "test@test.com", ("placeholder",)),
    ("ann@example.com; bob@example.com", "ann@example.com", ("several_addresses",)),
    ("王芳@例子.中国", "王芳@例子.中国", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "address", "reasons"), EMAILS)
def test_a_mail_address_and_what_is_told_about_it(text: str, address: str, reasons: tuple[str, ...]) -> None:
    found = clean_email(text)
    assert (found.value, found.reasons) == (address, reasons)


@pytest.mark.parametrize(
    "text",
    ["ann at home", "@", "ann@", "ann@localhost", "ann..b@example.com", "ann@@example.com", "a" * 300 + "@example.com"],
)
def test_what_is_no_mail_address(text: str) -> None:
    assert clean_email(text).reasons == ("not_an_email",)


def test_a_domain_pointed_at_leads_to_one_that_is_not() -> None:
    assert all(meant not in MISTYPED and read_email(f"ann@{meant}") for meant in MISTYPED.values())


POSTCODES = [
    ("sw1a1aa", "GB", "", "SW1A 1AA", ("capital_letters", "postcode_spacing")),
    ("3511ab", "NL", "", "3511 AB", ("capital_letters", "postcode_spacing")),
    ("2138", "US", "MA", "02138", ("postcode_zero_restored",)),
    ("02138", "US", "CA", "02138", ("postcode_elsewhere",)),
    ("02138", "US", "Massachusetts", "02138", ()),
    ("021381234", "US", "", "02138-1234", ("postcode_spacing",)),
    ("k1a0b6", "CA", "", "K1A 0B6", ("capital_letters", "postcode_spacing")),
    ("D-10115", "DE", "", "10115", ("country_apart",)),
    ("1067", "DE", "", "01067", ("postcode_zero_restored",)),
    ("310012", "CN", "330000", "310012", ()),
    ("310012", "CN", "110000", "310012", ("postcode_elsewhere",)),
    ("10012", "CN", "150000", "010012", ("postcode_zero_restored",)),
    ("〒100-0001", "JP", "", "100-0001", ("label_removed",)),
    ("00950", "PL", "", "00-950", ("postcode_spacing",)),
    ("SE-11455", "SE", "", "114 55", ("country_apart", "postcode_spacing")),
    ("D02AF30", "IE", "", "D02 AF30", ("postcode_spacing",)),
    ("D02", "IE", "", "D02", ("postcode_form",)),
    ("310012.0", "CN", "", "310012", ("decimal_removed",)),
    ("12345", "", "", "12345", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "country", "region", "code", "reasons"), POSTCODES)
def test_a_postcode_and_what_is_told_about_it(
    text: str, country: str, region: str, code: str, reasons: tuple[str, ...]
) -> None:
    found = clean_postcode(text, country, region)
    assert (found.value, found.reasons) == (code, reasons)


def test_no_postal_zone_belongs_to_two_provinces() -> None:
    zones = [zone for zones in CHINESE_ZONES.values() for zone in zones.split()]
    assert len(zones) == len(set(zones))
    assert len(CHINESE_ZONES) == 31


@pytest.mark.parametrize(
    "torn", ["john smith@gmail.com", "wang fang@qq.com", "Ann Lee ann@x.com; bob@x.com", "a b@c.com"]
)
def test_a_space_before_an_address_makes_it_nobody_elses(torn: str) -> None:
    """Whether a name stands there or the half of the mail box, nobody can tell: smith@gmail.com is somebody else."""
    assert clean_email(torn).reasons == ("not_an_email",)


@pytest.mark.parametrize(
    ("told", "address", "reason"),
    [
        ("王芳 wang@qq.com", "wang@qq.com", "aside_apart"),
        ("Wang Fang, wang@qq.com", "wang@qq.com", "aside_apart"),
        ("wang@qq.com 13906123457", "wang@qq.com", "aside_apart"),
        ("ann@x.com (home)", "ann@x.com", "aside_apart"),
        ("E-Mail ann@x.com", "ann@x.com", "label_removed"),
        ("邮箱 ann@x.com", "ann@x.com", "label_removed"),
    ],
)
def test_what_stands_beside_an_address_is_set_apart_and_said(told: str, address: str, reason: str) -> None:
    found = clean_email(told)
    assert (found.value, reason in found.reasons) == (address, True)


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("138 0013 8000", "US", "+8613800138000"),  # nobody in America has 380-013-8000
        ("13906123457", "HK", "+8613906123457"),
        ("13906123457", "GB", "+8613906123457"),
        ("13805551234", "US", "+13805551234"),  # Ohio
        ("12125550123", "US", "+12125550123"),
        ("13906123457", "", None),
    ],
)
def test_a_chinese_mobile_number_in_a_file_from_elsewhere(text: str, country: str, number: str | None) -> None:
    found = clean_phone(text, country).value
    assert (found.number if found else None) == number
