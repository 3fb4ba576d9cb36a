"""Resident ids, company codes and dates: checksums by their definition, dates as the import reads them."""

from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.rules.cleaning.company_codes import clean_code_of, clean_company_code
from regulars.rules.cleaning.dates import clean_date
from regulars.rules.cleaning.resident_ids import clean_resident_id
from regulars.rules.intake.dates import local_and_utc_sql

TODAY = date(2026, 11, 1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SEVENTEEN = st.builds(
    lambda day, order: f"330106{day:%Y%m%d}{order:03d}",
    st.dates(date(1900, 1, 1), date(2026, 10, 31)),
    st.integers(0, 999),
)


def check_digit(seventeen: str) -> str:
    """GB 11643's own sum, written out."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True)) % 11]


@given(seventeen=SEVENTEEN)
def test_the_right_check_digit_and_no_other_makes_a_resident_id(seventeen: str) -> None:
    right = check_digit(seventeen)
    found = clean_resident_id(seventeen + right.lower(), at=TODAY).value
    assert found is not None
    assert found.birth_on.strftime("%Y%m%d") == seventeen[6:14]
    assert found.sex == ("male" if int(seventeen[16]) % 2 else "female")
    assert all(clean_resident_id(seventeen + other).value is None for other in "0123456789X" if other != right)


@given(seventeen=SEVENTEEN, at=st.integers(0, 16), digit=st.integers(1, 9))
def test_one_digit_mistyped_is_always_noticed(seventeen: str, at: int, digit: int) -> None:
    wrong = seventeen[:at] + str((int(seventeen[at]) + digit) % 10) + seventeen[at + 1 :]
    assert clean_resident_id(wrong + check_digit(seventeen), at=TODAY).value is None


@pytest.mark.parametrize(
    ("text", "number", "reasons"),
    [
        ("330106 19910101 0074", "330106199101010074", ("separators_removed",)),
        ("身份证号：330106199101010074", "330106199101010074", ("full_width", "label_removed")),
        ("11010519491231002x", "11010519491231002X", ("capital_letters",)),
        ("330106910101007", "330106199101010074", ("old_form_upgraded",)),
        ("810000199001010019", "810000199001010019", ()),
    ],
)
def test_a_resident_id_and_what_is_told_about_it(text: str, number: str, reasons: tuple[str, ...]) -> None:
    found = clean_resident_id(text, at=TODAY)
    assert found.value is not None
    assert (found.value.number, found.reasons) == (number, reasons)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing_there"), ("123", "not_a_resident_id"), ("3.30106E+17", "shortened_number"), ("330106********0074", "masked"),
        ("330106199101010000", "checksum_wrong"), ("33010619910230007" + check_digit("33010619910230007"), "no_such_day"),
    ],
)  # fmt: skip
def test_what_is_no_resident_id_says_why(text: str, reason: str) -> None:
    assert clean_resident_id(text, at=TODAY).reasons == (reason,)


def test_a_resident_id_is_held_against_what_is_known() -> None:
    found = clean_resident_id("330106199101010074", at=TODAY, birth_on=date(1990, 1, 1), sex="female")
    assert found.reasons == ("birth_differs", "sex_differs")


@given(body=st.text(_USCC, min_size=9, max_size=9), region=st.sampled_from(("110000", "330106", "440300")))
def test_a_company_code_lives_by_its_check_sign(body: str, region: str) -> None:
    code = "91" + region + body
    weights = [3**place % 31 for place in range(17)]
    check = _USCC[-sum(_USCC.index(sign) * weight for sign, weight in zip(code, weights, strict=True)) % 31]
    found = clean_company_code(code.lower() + check)
    assert found.value is not None
    assert (found.value.code, found.validity) == (code + check, "valid")
    assert all(clean_company_code(code + other).value is None for other in _USCC if other != check)


@pytest.mark.parametrize("sign", "ⅩⅹхХ×")
def test_what_looks_like_the_last_x_of_a_resident_id_is_one(sign: str) -> None:
    found = clean_resident_id(f"11010519491231002{sign}")
    assert found.value is not None
    assert (found.value.number, "lookalike_replaced" in found.reasons) == ("11010519491231002X", True)


@pytest.mark.parametrize("text", ["1" * 15, "1" * 18, "0" * 18])
def test_one_digit_again_and_again_is_nobodys_number(text: str) -> None:
    assert clean_resident_id(text).reasons == clean_company_code(text).reasons == ("placeholder",)
    assert clean_code_of(text, "DE").value is None


@pytest.mark.parametrize(
    "text", ["11010519491231002X", "身份证号: 110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_the_number_of_a_person_is_never_kept_as_a_companys(text: str) -> None:
    assert [clean_code_of(text, country).reasons for country in ("DE", "CN", "")] == [("not_a_company_code",)] * 3


def test_signs_a_company_code_cannot_have_are_what_they_look_like() -> None:
    assert clean_company_code("9111OOOO6OOO37341L").reasons == ("lookalike_replaced",)
    assert clean_company_code("330100000012345").reasons == ("old_company_number",)
    assert clean_company_code("12").reasons == ("not_a_company_code",)


DATES = [
    "2026-03-12", "2026/3/12", "2026.3.12", "20260312", "2026年3月12日", "12.03.1990", "12.3.90", "12.3.26", "12 March 1990", "March 12, 1990",
    "12. März 1990", "32945", "1990-03-12 00:00:00", "2026年3月12日 9时5分", "03/12/2026", "3/12/26", "25/10/2025",
    "12-Mar-90", "1 Okt 24",
]  # fmt: skip


@pytest.mark.parametrize("order", ["dmy", "mdy"])
@pytest.mark.parametrize("text", DATES)
def test_a_single_date_is_read_as_the_import_reads_a_column(text: str, order: str) -> None:
    local, utc = local_and_utc_sql("cell", order, TODAY.year % 100)
    with duckdb.connect() as engine:
        row = engine.execute(
            f"SELECT CAST(coalesce({local}, {utc}) AS DATE) FROM (SELECT ? AS cell)", [text]
        ).fetchone()
    assert row is not None
    assert clean_date(text, at=TODAY, order=order).value == row[0]


@given(day=st.dates(date(1900, 1, 2), TODAY))
def test_however_it_is_written_a_day_is_one_day(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%Y年%m月%d日", "%d %B %Y", "%B %d, %Y"):
        assert clean_date(day.strftime(form), at=TODAY).value == day
    assert clean_date(day.strftime("%d/%m/%Y"), at=TODAY, order="dmy").value == day


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("二〇二六年三月十二日", "2026-03-12"), ("一九九〇年十月二十五日", "1990-10-25"), ("民国79年3月12日", "1990-03-12"),
        ("１９９０－０３－１２", "1990-03-12"), ("90年3月12日", "1990-03-12"), ("1er mai 1990", "1990-05-01"), ("12 août 1990", "1990-08-12"),
        ("90-10-20", "1990-10-20"), ("90/1/2", "1990-01-02"), ("90.10.20", "1990-10-20"), ("20-Oct-90", "1990-10-20"), ("'1990-10-20", "1990-10-20"),
        ("1990年10月20日 星期六", "1990-10-20"), ("Sat, 20 Oct 1990", "1990-10-20"), ("Sa 20.10.1990", "1990-10-20"), ("1990—10—20", "1990-10-20"),
        ("1990、10、20", "1990-10-20"), ("公元1990年10月20日", "1990-10-20"), ("20 de octubre de 1990", "1990-10-20"), ("1990.10.20.", "1990-10-20"),
    ],
)  # fmt: skip
def test_dates_in_the_wild(text: str, iso: str) -> None:
    found = clean_date(text, at=TODAY).value
    assert found is not None
    assert found.isoformat() == iso


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("03/12/2026", "day_or_month"), ("1990", "day_missing"), ("1990年", "day_missing"), ("15-05-20", "day_or_month"), ("1/2/3", "not_a_date"), ("1990年3月", "day_missing"), ("1990-13-01", "no_such_day"), ("soon", "not_a_date"),
        ("农历三月初三", "lunar_date"), ("31/31/2020", "no_such_day"), ("", "nothing_there"), ("未知", "placeholder"),
    ],
)  # fmt: skip
def test_what_is_no_day_says_why(text: str, reason: str) -> None:
    assert clean_date(text, at=TODAY).reasons == (reason,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("1900-01-01", "default_date"), ("2030-01-01", "date_in_future"), ("1850-01-01", "date_too_early")],
)
def test_a_day_nobody_was_born_on_is_doubted(text: str, reason: str) -> None:
    assert clean_date(text, at=TODAY).doubts[0].reason == reason
