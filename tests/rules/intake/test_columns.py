"""What columns are taken for, by headings and by values."""

import pytest

from regulars.rules.intake.columns import guess, guess_kind

SYSTEMS = {
    "Complete Journey": (
        "household_id store_id basket_id product_id quantity sales_value retail_disc week transaction_timestamp",
        "900 330 31198570044 1095275 1 0.50 0.10 1 2017-01-01T11:53:26",
        {"customer_ref", "branch_ref", "order_ref", "product_ref", "quantity", "amount", "discount", "ordered_at"},
    ),
    "till, Chinese": (
        "小票号 会员卡号 交易日期 交易时间 商品条码 商品名称 品类 品牌 数量 单价 折扣 实收金额 门店 促销活动",
        "1 K7 2026/3/12 09:05 690123 茶杯 杯子 景德 1 5.00 0 5.00 北京店 春季",
        {"order_ref", "customer_ref", "ordered_at", "ordered_time", "product_ref", "product_name", "category", "brand",
         "quantity", "unit_price", "discount", "amount", "branch_ref", "promotion_ref"},
    ),
    "hotel, Chinese": (
        "预订号 客人编号 客人姓名 手机 邮箱 出生日期 城市 预订时间 房型 间夜 房费",
        "B-1 G-88 陈婉清 13800004187 w@example.com 1988-04-02 杭州 2026-03-12T10:12 湖景房 2 1280.00",
        {"order_ref", "customer_ref", "name", "phone", "email", "city", "ordered_at", "product_name", "quantity",
         "amount"},
    ),
    "online shop, Chinese": (
        "订单编号 买家会员名 总金额 买家实际支付金额 收货人姓名 收货地址 联系手机 订单创建时间 宝贝标题 宝贝总数量",
        '="1234567890123" ann_01 10.00 9.50 王芳 北京市朝阳区 \'13800000000 2026-03-12 茶杯 1',
        {"order_ref", "customer_ref", "amount", "name", "street", "phone", "ordered_at", "product_name", "quantity"},
    ),
    "till, German": (
        "Bestellnummer Kundennr. Datum Uhrzeit Artikel Bezeichnung Menge Einzelpreis Gesamtpreis Filiale",
        "1 K7 12.03.2026 09:05 A1 Tasse 1 5,00 5,00 Berlin",
        {"order_ref", "customer_ref", "ordered_at", "ordered_time", "product_ref", "product_name", "quantity",
         "unit_price", "amount", "branch_ref"},
    ),
    "retailer, British": (
        "InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country",
        "536365 85123A HEART 6 12/1/2010 2.55 17850 France",
        {"order_ref", "product_ref", "product_name", "quantity", "ordered_at", "unit_price", "customer_ref", "country"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
def test_headings_of_common_systems(system: str) -> None:
    headers, row, meanings = SYSTEMS[system]
    found = {g.meaning for g in guess(headers.split(), [row.split()] * 5) if g.meaning}
    assert found >= meanings
    assert guess_kind(headers.split(), [row.split()] * 5) == "orders"


def test_a_customer_file() -> None:
    words = "会员号 姓名 性别 生日 手机 邮箱 省份 城市 地址 邮编 接受短信 同意营销 家庭人数"
    values = "M1 王芳 女 1990-03-12 13800000000 w@example.com 北京 北京市 朝阳路1号 100000 是 否 3"
    headers, row = words.split(" "), values.split(" ")
    meanings = [g.meaning for g in guess(headers, [row] * 5, "customers")]
    assert meanings[:6] == ["customer_ref", "name", "sex", "birth_on", "phone", "email"]
    assert meanings[10:] == ["consent_sms", "consent_direct_marketing", "household_size"]
    assert guess_kind(headers, [row] * 5) == "customers"


def test_values_decide_when_headings_say_nothing() -> None:
    rows = [["ann@example.com", "2026-03-12", "¥12.50", "13800138000"]] * 4
    assert [g.meaning for g in guess(["a", "b", "c", "d"], rows)] == ["email", "ordered_at", "amount", "phone"]
    assert {g.why for g in guess(["a", "b", "c", "d"], rows)} == {"values_look_like"}


def test_values_overrule_a_heading_they_contradict() -> None:
    found = {g.column: g for g in guess(["date", "amount"], [["yes", "tea"], ["no", "cup"]])}
    assert found["date"].meaning == "" and found["amount"].meaning == ""


def test_no_meaning_is_given_twice() -> None:
    rows = [["2026-03-12", "2026-03-13", "5", "6"]] * 3
    meanings = [g.meaning for g in guess(["created_at", "paid_at", "total", "subtotal"], rows) if g.meaning]
    assert len(meanings) == len(set(meanings))
    assert meanings[0] == "ordered_at"


def test_a_marketing_consent_is_never_guessed_from_values_alone() -> None:
    assert [g.meaning for g in guess(["x"], [["yes"], ["no"]], "customers")] == [""]


#: Headings of other people's files of persons, and what each column is.
PERSONS = {
    "FEBRL": (
        "rec_id given_name surname street_number address_1 address_2 suburb postcode state date_of_birth soc_sec_id",
        ("customer_ref given_name family_name house_number street more_of_street city postcode region birth_on"
         " id_document"),
        ["rec-1-org|mia|bell|12|hill street|flat 3|yass|2582|nsw|19710104|5304218",
         "rec-2-org|joe|reid|7|park road||dubbo|2830|nsw|19801230|7106433"],
    ),
    "Splink": (
        "unique_id first_name surname dob city email",
        "customer_ref given_name family_name birth_on city email",
        ["0|Ann|Archer|1971-05-24|London|ann@example.com", "1|Bob|Baker|1990-01-02|Leeds|bob@example.com"],
    ),
    "full name, British": (
        "id full_name dob addr town post_code mobile email_addr",
        "customer_ref name birth_on street city postcode phone email",
        ["1|Ann Archer|24/05/1971|1 High Street|Leeds|LS1 4AB|07700 900123|ann@example.com",
         "2|Bob Baker|02/01/1990|2 High Street|Leeds|LS1 4AB|07700 900124|bob@example.com"],
    ),
    "the customer is her name": (
        "UID Customer BirthDate CountryCode",
        "customer_ref name birth_on country",
        ["A-7|Ann Archer|1971-05-24|US", "B-3|王芳|1980-03-04|CN"],
    ),
    "Chinese": (
        "编号 姓名 性别 出生日期 手机号 通讯地址 门牌号 所在城市 邮编",
        "customer_ref name sex birth_on phone street house_number city postcode",
        ["CN8|王芳|女|1980-03-04|13800138000|湖滨路|8号|杭州|310000",
         "CN9|李强|男|1981-03-04|13900139000|北山路|9号|杭州|310000"],
    ),
    "German": (
        "KundenNr Vorname Nachname Geburtsdatum Straße Hausnummer PLZ Ort Telefonnummer",
        "customer_ref given_name family_name birth_on street house_number postcode city phone",
        ["K1|Änne|Müller|04.03.1980|Lindenweg|5a|10435|Berlin|030 901820"],
    ),
    "Spanish": (
        "id_cliente nombre apellidos fecha_nacimiento telefono correo direccion ciudad codigo_postal",
        "customer_ref given_name family_name birth_on phone email street city postcode",
        ["7|Ana|García López|04/03/1980|600 123 456|ana@example.com|Calle Mayor 5|Madrid|28013"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("people", PERSONS)
def test_headings_of_other_peoples_persons(people: str) -> None:
    headers, meanings, rows = PERSONS[people]
    found = guess(headers.split(), [row.split("|") for row in rows], "customers")
    assert [one.meaning for one in found] == meanings.split()


def test_a_record_number_that_comes_twice_is_no_customers_number() -> None:
    rows = [["7", "Ann Archer"], ["7", "Bob Baker"]]
    assert [one.meaning for one in guess(["id", "full_name"], rows, "customers")] == ["", "name"]


def test_the_id_of_a_row_of_orders_is_not_the_customers() -> None:
    rows = [["7", "2026-03-12", "9.90"], ["8", "2026-03-12", "9.90"]]
    assert [one.meaning for one in guess(["id", "order_date", "amount"], rows)] == ["", "ordered_at", "amount"]


def test_a_first_column_that_only_counts_the_rows_numbers_nobody() -> None:
    named = [["1", "Ann"], ["2", "Bob"], ["3", "Cleo"]]
    assert [one.meaning for one in guess(["row_no", "first_name"], named, "customers")] == ["", "given_name"]
    apart = [["N-4711", "Ann"], ["N-0815", "Bob"], ["N-17", "Cleo"]]
    assert [one.meaning for one in guess(["voter_no", "first_name"], apart, "customers")] == [
        "customer_ref",
        "given_name",
    ]


def test_a_middle_name_is_not_the_whole_name() -> None:
    headers, row = "cust_id first_name middle_name last_name maiden_name".split(), "C-1 Ann Maria Archer Baker".split()
    meanings = [one.meaning for one in guess(headers, [row], "customers")]
    assert meanings == ["customer_ref", "given_name", "", "family_name", ""]


def test_numbers_of_orders_are_nobodys_and_numbers_alone_tell_of_nobody() -> None:
    for headers, row in (
        (["order_no"], ["R1"]),
        (["file_no"], ["R1"]),
        (["order_no", "email"], ["R1", "a@example.com"]),
    ):
        rows = [row, [row[0] + "0", *row[1:]]]
        assert "customer_ref" not in [one.meaning for one in guess(headers, rows, "customers")]
    [number, _] = guess(["file_no", "email"], [["R1", "a@example.com"], ["R20", "b@example.com"]], "customers")
    assert number.meaning == "customer_ref"


def test_a_file_of_no_columns_has_no_guesses() -> None:
    assert guess([], [], "customers") == guess([], [[], []], "customers") == ()
