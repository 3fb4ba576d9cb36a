"""Addresses as files have them: places filled, conflicts told, lines taken apart."""

import pytest

from regulars.rules.cleaning.addresses import clean_address, clean_whole_address
from regulars.rules.cleaning.chinese_addresses import line_parts
from regulars.rules.cleaning.divisions import MUNICIPALITIES, gazetteer, place_of_code
from regulars.rules.cleaning.streets import parts_of

CHINESE = [
    ("浙江省杭州市西湖区文三路90号", ("浙江省", "杭州市", "西湖区"), "文三路90号", ("place_apart",)),
    ("杭州西湖区文三路90号", ("浙江省", "杭州市", "西湖区"), "文三路90号", ("place_apart", "region_filled")),
    ("杭州市浙江省文三路90号", ("浙江省", "杭州市", ""), "文三路90号", ("repeated_place", "place_apart", "region_filled")),
    ("西湖区文三路90号", ("", "", "西湖区"), "文三路90号", ("place_apart", "several_places")),
    ("北京市朝阳区望京街道6号院", ("北京市", "北京市", "朝阳区"), "望京街道6号院", ("place_apart", "city_filled")),
    ("北京朝阳建国路88号", ("北京市", "北京市", "朝阳区"), "建国路88号", ("place_apart", "city_filled")),
    ("北京市北京市东城区东长安街1号", ("北京市", "北京市", "东城区"), "东长安街1号", ("repeated_place", "place_apart", "city_filled")),
    ("上海南京西路1266号", ("上海市", "上海市", ""), "南京西路1266号", ("place_apart", "city_filled")),
    ("南京路100号", ("", "", ""), "南京路100号", ()),
    ("广东省东莞市虎门镇连升路12号", ("广东省", "东莞市", ""), "虎门镇连升路12号", ("place_apart",)),
    ("昆山市前进中路100号", ("江苏省", "苏州市", "昆山市"), "前进中路100号", ("place_apart", "region_filled", "city_filled")),
    ("江苏昆山前进中路100号", ("江苏省", "苏州市", "昆山市"), "前进中路100号", ("place_apart", "city_filled")),
    ("新疆巴音郭楞蒙古自治州库尔勒市人民东路1号", ("新疆维吾尔自治区", "巴音郭楞蒙古自治州", "库尔勒市"), "人民东路1号", ("place_apart",)),
    ("黔南州都匀市剑江中路5号", ("贵州省", "黔南布依族苗族自治州", "都匀市"), "剑江中路5号", ("place_apart", "region_filled")),
    ("内蒙古呼和浩特市赛罕区大学西街235号", ("内蒙古自治区", "呼和浩特市", "赛罕区"), "大学西街235号", ("place_apart",)),
    ("湖北省仙桃市沔街大道1号", ("湖北省", "仙桃市", ""), "沔街大道1号", ("place_apart",)),
    ("吉林市船营区北京路1号", ("吉林省", "吉林市", "船营区"), "北京路1号", ("place_apart", "region_filled")),
    ("浙江省杭州市临平区南苑街道1号", ("浙江省", "杭州市", "临平区"), "南苑街道1号", ("place_apart",)),
    ("浙江省南京市玄武区中山路1号", ("浙江省", "", ""), "南京市玄武区中山路1号", ("place_apart", "place_conflict")),
    ("通县新华大街1号", ("北京市", "北京市", "通县"), "新华大街1号", ("place_apart", "region_filled", "city_filled", "former_place")),
    ("310012 浙江省杭州市文三路90号", ("浙江省", "杭州市", ""), "文三路90号", ("postcode_apart", "place_apart")),
    ("浙江省杭州市文三路90号 13800138000", ("浙江省", "杭州市", ""), "文三路90号", ("phone_apart", "place_apart")),
    ("浙江省杭州市文三路90号502室王芳收", ("浙江省", "杭州市", ""), "文三路90号502室", ("addressee_apart", "place_apart")),
    ("浙江省杭州市文三路90号 王芳 收", ("浙江省", "杭州市", ""), "文三路90号", ("addressee_apart", "place_apart")),
    ("浙江省杭州市文三路90号，欧阳娜娜女士（收）13800138000", ("浙江省", "杭州市", ""), "文三路90号",
     ("full_width", "phone_apart", "addressee_apart", "place_apart")),
    ("浙江省杭州市文三路90号502室 李先生亲启", ("浙江省", "杭州市", ""), "文三路90号502室", ("addressee_apart", "place_apart")),
    ("浙江省杭州市文三路90号 古丽·买买提收", ("浙江省", "杭州市", ""), "文三路90号", ("addressee_apart", "place_apart")),
    ("收件人：王芳 浙江省杭州市文三路90号", ("浙江省", "杭州市", ""), "文三路90号", ("full_width", "addressee_apart", "place_apart")),
    ("浙江省杭州市文三路90号金属回收", ("浙江省", "杭州市", ""), "文三路90号金属回收", ("place_apart",)),
    ("浙江省杭州市文三路90号门卫收", ("浙江省", "杭州市", ""), "文三路90号门卫收", ("place_apart",)),
    ("浙江省杭州市文三路90号菜鸟驿站代收", ("浙江省", "杭州市", ""), "文三路90号菜鸟驿站代收", ("place_apart",)),
    ("中国浙江省杭州市龙井村12号", ("浙江省", "杭州市", ""), "龙井村12号", ("country_apart", "place_apart")),
    ("浙江省杭州市文三路", ("浙江省", "杭州市", ""), "文三路", ("place_apart", "no_number")),
    ("上海浦东世纪大道100号", ("上海市", "上海市", "浦东新区"), "世纪大道100号", ("place_apart", "city_filled")),
    ("上海浦东南路1号", ("上海市", "上海市", ""), "浦东南路1号", ("place_apart", "city_filled")),
    ("浙江省/杭州市/西湖区/文三路90号", ("浙江省", "杭州市", "西湖区"), "文三路90号", ("spaces_within", "place_apart")),
    ("浙江省-杭州市-西湖区-文三路90-2号", ("浙江省", "杭州市", "西湖区"), "文三路90-2号", ("spaces_within", "place_apart")),
    ("廣東省廣州市天河區天河路385號", ("广东省", "广州市", "天河区"), "天河路385號", ("place_apart",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "line", "reasons"), CHINESE)
def test_a_chinese_address_and_what_is_told_about_it(
    text: str, place: tuple[str, str, str], line: str, reasons: tuple[str, ...]
) -> None:
    found = clean_address(text, country="CN")
    assert found.value is not None
    assert (found.value.region, found.value.city, found.value.district) == place
    assert (found.value.line, found.reasons) == (line, reasons)


LINES = [
    ("延安西路1566弄23号502室", {"street": "延安西路", "lane": "1566弄", "number": "23号", "room": "502室"}),
    ("阜通东大街6号院3号楼2单元1203", {"street": "阜通东大街", "number": "6号院", "building": "3号楼", "unit": "2单元", "room": "1203"}),
    ("阳光花园3-2-501", {"place": "阳光花园", "building": "3", "unit": "2", "room": "501"}),
    ("阳光花园3栋2单元501室", {"place": "阳光花园", "building": "3栋", "unit": "2单元", "room": "501室"}),
    ("天府大道中段1388号美年广场A座12层1205", {"street": "天府大道中段", "number": "1388号", "place": "美年广场", "building": "A座", "floor": "12层", "room": "1205"}),
    ("玉山镇前进中路100号", {"town": "玉山镇", "street": "前进中路", "number": "100号"}),
    ("李家庄村3组15号", {"village": "李家庄村3组", "number": "15号"}),
    ("中关村南大街5号", {"street": "中关村南大街", "number": "5号"}),
    ("古镇路5号", {"street": "古镇路", "number": "5号"}),
    ("民族大道136-2号", {"street": "民族大道", "number": "136-2号"}),
    ("八一大道附12号之一", {"street": "八一大道", "number": "附12号之一"}),
    ("人民路一百二十号", {"street": "人民路", "number": "一百二十号"}),
    ("松岭路238号中国海洋大学", {"street": "松岭路", "number": "238号", "place": "中国海洋大学"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "parts"), LINES)
def test_a_chinese_line_in_its_parts(line: str, parts: dict[str, str]) -> None:
    found = line_parts(line)
    assert {name: getattr(found, name) for name in type(found).__dataclass_fields__ if getattr(found, name)} == parts


def test_columns_and_line_help_each_other_and_disagree_aloud() -> None:
    found = clean_address("西湖区文三路90号", city="杭州市").value
    assert found is not None
    assert (found.region, found.city, found.district) == ("浙江省", "杭州市", "西湖区")
    assert clean_address("江苏省南京市中山路1号", city="杭州", region="浙江").doubts[-1].about == "浙江省, 江苏省"
    assert "place_conflict" in clean_address("人民路1号", city="南京", region="浙江").reasons
    found = clean_address("文三路1号", city="Hangzhou", region="Zhejiang", country="CN").value
    assert found is not None
    assert (found.region, found.city) == ("浙江省", "杭州市")


ELSEWHERE = [
    ("12 High Street, Oxford OX1 4BH, UK", "", ("GB", "", "Oxford", "OX1 4BH"), ("12", "High Street", "")),
    ("Hauptstr. 5, 10115 Berlin, Deutschland", "", ("DE", "", "Berlin", "10115"), ("5", "Hauptstr.", "")),
    ("1 Main St, Apt 4B, Boston, MA 02138", "US", ("US", "MA", "Boston", "02138"), ("1", "Main St", "Apt 4B")),
    ("221B Baker Street\nLondon\nNW1 6XE\nUnited Kingdom", "", ("GB", "", "London", "NW1 6XE"), ("221B", "Baker Street", "")),
    ("10 rue de la Paix, 75002 Paris, France", "", ("FR", "", "Paris", "75002"), ("10", "rue de la Paix", "")),
    ("Herengracht 12-A, 1015 BK Amsterdam, Netherlands", "", ("NL", "", "Amsterdam", "1015 BK"), ("12-A", "Herengracht", "")),
    ("1600 Pennsylvania Ave NW, Washington, DC 20500, USA", "", ("US", "DC", "Washington", "20500"), ("1600", "Pennsylvania Ave NW", "")),
    ("No. 90 Wensan Road, Hangzhou, Zhejiang 310012", "CN", ("CN", "Zhejiang", "Hangzhou", "310012"), ("90", "Wensan Road", "")),
    ("1 Nanjing Road, Huangpu, Shanghai", "CN", ("CN", "", "Shanghai", ""), ("1", "Nanjing Road", "")),
    ("D-10115 Berlin, Hauptstr.5", "DE", ("DE", "", "Berlin", "10115"), ("5", "Hauptstr.", "")),
    ("Flat 3, 2nd Floor, 10 Downing Street, London SW1A 2AA", "GB", ("GB", "", "London", "SW1A 2AA"), ("10", "Downing Street", "Flat 3")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "country", "columns", "parts"), ELSEWHERE)
def test_an_envelope_of_elsewhere(text: str, country: str, columns: tuple[str, ...], parts: tuple[str, ...]) -> None:
    found = clean_whole_address(text, country).value
    assert found is not None
    assert (found.country, found.region, found.city, found.postcode) == columns
    assert (found.parts.number, found.parts.street, found.parts.unit) == parts


@pytest.mark.parametrize(
    ("line", "country", "street", "number", "beside"),
    [
        ("Hauptstraße 5a", "DE", "Hauptstraße", "5a", ""), ("Via Roma 5/A", "IT", "Via Roma", "5/A", ""),
        ("12 bis rue Lepic", "FR", "rue Lepic", "12 bis", ""), ("PO Box 123", "US", "", "", "PO Box 123"),
        ("Postfach 12 34", "CH", "", "", "Postfach 12 34"), ("Main Street", "US", "Main Street", "", ""),
        ("5th Avenue", "US", "5th Avenue", "", ""), ("No. 90 Wensan Road", "CN", "Wensan Road", "90", ""),
        ("Suite 400, 1 Market Street", "US", "Market Street", "1", "Suite 400"),
    ],
)  # fmt: skip
def test_a_street_line_of_elsewhere(line: str, country: str, street: str, number: str, beside: str) -> None:
    found = parts_of(line, country)
    assert (found.street, found.number, found.unit or found.po_box) == (street, number, beside)


def test_every_district_of_today_lies_in_a_city_and_a_province_of_today() -> None:
    table = gazetteer()
    homeless = [
        one.name
        for one in table.today.values()
        if not table.name(one.province) or (one.level == "district" and not table.name(one.city))
    ]
    assert homeless == []
    assert len([one for one in table.today.values() if one.level == "province"]) == 34
    assert all(one.city == one.province for one in table.today.values() if one.code[:2] in MUNICIPALITIES)


def test_a_code_is_the_place_it_was_in_that_year() -> None:
    assert place_of_code("110112", 2000) == ("北京市", "通州区")
    assert place_of_code("110223", 1985) == ("北京市", "通县")
    assert place_of_code("810000", 1990) == ("香港特别行政区",)
    assert place_of_code("000000", None) == ()


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("서울특별시 강남구 테헤란로 152", "KR"),
        ("〒100-0001 東京都千代田区千代田1-1", "JP"),
        ("大阪府大阪市北区梅田3-1-3", "JP"),
        ("渋谷区道玄坂2丁目 ハイツ渋谷", "JP"),
        ("上海南京西路1266号", "CN"),
        ("北海道路5号", "CN"),
        ("青岛市市南区香港中路10号", "CN"),
    ],
)
def test_what_is_written_in_korea_or_japan_is_not_said_to_be_china(text: str, country: str) -> None:
    found = clean_whole_address(text).value
    assert found is not None
    assert found.country == country
    assert country == "CN" or found.line == text


@pytest.mark.parametrize(
    ("line", "number", "street", "building", "unit", "floor"),
    [
        ("No. 100, Century Avenue, Pudong New Area", "100", "Century Avenue", "", "", ""),
        ("Room 1201, Building 3, No. 88 Jianguo Road", "88", "Jianguo Road", "Building 3", "Room 1201", ""),
        ("Flat B, 12/F, Block A, 100 Nathan Road", "100", "Nathan Road", "Block A", "Flat B", "12/F"),
        ("Block 5, Tower B, No.9 Yuhua Rd., 3rd Floor", "9", "Yuhua Rd.", "Block 5, Tower B", "", "3rd Floor"),
        ("12 Tower Bridge Road", "12", "Tower Bridge Road", "", "", ""),
        ("5 Building Street", "5", "Building Street", "", "", ""),
    ],
)
def test_a_chinese_address_in_letters_has_its_parts(
    line: str, number: str, street: str, building: str, unit: str, floor: str
) -> None:
    for country in ("", "CN", "HK"):
        found = parts_of(line, country)
        assert (found.number, found.street, found.building, found.unit, found.floor) == (
            number, street, building, unit, floor,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "city", "region", "country"),
    [
        ("12 Peachtree St, Atlanta, Georgia", "12 Peachtree St", "Atlanta", "GA", "US"),
        ("1 Main St, San Francisco, California", "1 Main St", "San Francisco", "CA", "US"),
        ("350 5th Ave, New York, New York", "350 5th Ave", "New York", "NY", "US"),
        ("5 Queen St, New York", "5 Queen St", "New York", "", ""),
        ("9 Rustaveli Ave, Tbilisi, Georgia, 0108", "9 Rustaveli Ave, Tbilisi, Georgia, 0108", "", "", ""),
        ("Calle Recogidas 5, Granada", "Calle Recogidas 5", "Granada", "", ""),
        ("Avenida Sete 10, Salvador", "Avenida Sete 10", "Salvador", "", ""),
        ("Storgatan 1, 111 22 Stockholm, Sverige", "Storgatan 1", "Stockholm", "", "SE"),
        ("Rua Augusta 5, 1100-048 Lisboa, Portugal", "Rua Augusta 5", "Lisboa", "", "PT"),
    ],
)
def test_state_and_country_stand_behind_the_city(text: str, line: str, city: str, region: str, country: str) -> None:
    found = clean_whole_address(text).value
    assert found is not None
    assert (found.line, found.city, found.region, found.country) == (line, city, region, country)


@pytest.mark.parametrize(
    ("text", "city", "district", "line", "postcode"),
    [
        ("臺北市信義區松仁路100號5樓", "臺北市", "信義區", "松仁路100號5樓", ""),
        ("10617台北市大安區羅斯福路四段1號", "台北市", "大安區", "羅斯福路四段1號", "10617"),
        ("台北市 100中正區重慶南路一段122號", "台北市", "中正區", "重慶南路一段122號", "100"),
        ("台湾省台北市信义区松仁路100号", "台北市", "信义区", "松仁路100号", ""),
        ("高雄市前鎮區中華五路789號", "高雄市", "前鎮區", "中華五路789號", ""),
        ("台灣金門縣金城鎮民生路1號", "金門縣", "金城鎮", "民生路1號", ""),
        ("宜蘭縣礁溪鄉德陽路1號 王小明收", "宜蘭縣", "礁溪鄉", "德陽路1號", ""),
        ("(110) 臺北市 信義區 松仁路 100 號", "臺北市", "信義區", "松仁路100號", "110"),
    ],
)
def test_an_address_of_taiwan_has_its_places(text: str, city: str, district: str, line: str, postcode: str) -> None:
    found = clean_whole_address(text).value
    assert found is not None
    assert (found.country, found.city, found.district, found.line, found.postcode) == (
        "TW", city, district, line, postcode,
    )  # fmt: skip
    again = clean_address(
        found.line, city=found.city, region=found.region, district=found.district, postcode=found.postcode, country="TW"
    )
    assert again.value == found
    assert clean_whole_address(text, "TW").value == found


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("香港九龙弥敦道100号", "HK"),
        ("澳门新马路12号", "MO"),
        ("福建省福州市连江县玉荷路1号", "CN"),
        ("金门县金城镇民生路1号", "CN"),
        ("上海市台北路5号", "CN"),
    ],
)
def test_a_region_with_a_code_of_its_own_is_that_country(text: str, country: str) -> None:
    found = clean_whole_address(text).value
    assert found is not None
    assert found.country == country
    said = clean_whole_address(text, "CN").value
    assert said is not None
    assert said.country == "CN"
