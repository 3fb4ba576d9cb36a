"""What a column of a file can mean, and the words people head it with.

Words are kept as `folded` leaves them: lower case, no spaces, no signs, no accents. Where two columns of a file have
words of one meaning, the word that comes earlier here wins. The values have the last say.
"""

import re
import unicodedata
from dataclasses import dataclass

from regulars.rules.cleaning.scripts import simplified

PURPOSES = ("direct_marketing", "third_party_disclosure", "automated_decision", "sensitive_use")
CHANNELS = ("email", "phone", "letter", "sms")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning a column may have: its key, what its values are, in which kinds of file it occurs, its words.

    `values` is one of ref, text, name, moment, clock, money, number, currency, email, phone, birth, choice, sex,
    country, postcode, word (few different texts). `among_customers` are words that mean it in a file of customers only:
    the `id` of an order is the order's.
    """

    key: str
    values: str
    kinds: tuple[str, ...]
    words: tuple[str, ...]
    among_customers: tuple[str, ...] = ()


def folded(header: str) -> str:
    """A heading reduced to what tells headings apart; traditional characters as the simplified ones.

    >>> folded("Order_No. "), folded("Straße"), folded("下單時間（北京）"), folded("orderNumber")
    ('orderno', 'strasse', '下单时间', 'ordernumber')
    """
    return _bare(simplified(header))


def _bare(header: str) -> str:
    bare = re.sub(r"[（(\[【].*?[)）\]】]", "", header) or header
    spelled = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(letter for letter in spelled if letter.isalnum())


def _meaning(key: str, values: str, kinds: str, words: str, among_customers: str = "") -> Meaning:
    said, theirs = ((key, *words.split()), among_customers.split())
    return Meaning(
        key, values, tuple(kinds.split()), *(tuple(dict.fromkeys(map(_bare, some))) for some in (said, theirs))
    )


_ORDERS, _BOTH, _CUSTOMERS = "orders", "orders customers", "customers"

MEANINGS: tuple[Meaning, ...] = (
    _meaning("order_ref", "ref", _ORDERS, """
        order order_id order_no order_number order_nr orderid ordernumber invoice invoice_no invoice_id receipt
        receipt_no basket_id basket transaction transaction_id ticket bill_no sales_order increment_id document_no
        订单号 订单编号 订单id 订单 单号 单据号 单据编号 小票号 流水号 交易号 交易编号 销售单号 主订单编号
        Bestellnummer Bestellung Auftragsnummer Auftrag Belegnummer Beleg Rechnungsnummer Bon Bonnummer commande
        numero_commande no_commande facture
        booking booking_id booking_no booking_number reservation reservation_id reservation_no reservation_number
        confirmation_no confirmation_number folio_no 预订号 预订编号 预订单号 预定号 确认号 账单号 Buchungsnummer
        Reservierungsnummer numero_reservation
    """),
    _meaning("line_ref", "ref", _ORDERS, """
        line line_id line_no line_number position pos lineitem_id order_line order_item_id 行号 明细号 明细id
        子订单号 子订单编号 Zeile Positionsnummer ligne
    """),
    _meaning("customer_ref", "ref", _BOTH, """
        customer customer_id customer_no customer_number client client_id member member_id member_no membership_no
        card_no card_number loyalty_card card household_id household_key user_id buyer buyer_id account account_id
        shopper_id contact_id 会员号 会员编号 会员id 会员卡号 卡号 客户号 客户编号 客户代码 客户id 顾客号 顾客编号
        用户id 用户编号 买家id 买家会员名 买家昵称 Kundennummer Kunde KundenNr Kundenkarte numero_client code_client
        guest_id guest_no guest_number profile_id 客人编号 客人号 宾客编号 客史号 住客编号 Gastnummer cust_id cust_no
        id_cliente numero_cliente klantnummer codice_cliente
    """, """
        record_id rec_id unique_id person_id person_no individual_id uid uuid guid pid id ref reference 编号 档案号
        档案编号 记录号 资料编号
    """),
    _meaning("ordered_at", "moment", _ORDERS, """
        order_date order_time ordered_on created_at created datetime timestamp date time_of_order purchase_date
        sold_at sale_date invoice_date transaction_date transaction_timestamp paid_at payment_date day 下单时间
        下单日期 订单时间 订单日期 订单创建时间 创建时间 成交时间 交易时间 交易日期 付款时间 订单付款时间 支付时间
        销售日期 日期 消费时间 消费日期 购买日期 Datum Bestelldatum Kaufdatum Belegdatum Rechnungsdatum
        Verkaufsdatum Zeitpunkt date_commande date_achat
        booked_at booked_on booking_date booking_time reservation_date 预订时间 预订日期 预定时间 预定日期 Buchungsdatum
        date_reservation
    """),
    _meaning("ordered_time", "clock", _ORDERS, "time hour order_clock transaction_time 时间 时刻 Uhrzeit Zeit heure"),
    _meaning("product_ref", "ref", _ORDERS, """
        product product_id product_no product_code sku item item_code item_number article article_no article_number
        stock_code stockcode ean gtin upc barcode lineitem_sku variant_sku isbn 商品编码 商品编号 商品id 商品代码
        货号 款号 条码 条形码 商品条码 物料编码 商家编码 Artikelnummer ArtNr Artikel reference code_article
        ref_produit
    """),
    _meaning("product_name", "text", _ORDERS, """
        product_name product_title product_type item_name item_description description title lineitem_name
        article_name 商品名称 商品 商品名 商品标题 宝贝标题 品名 产品名称 货品名称 名称 Artikelbezeichnung
        Bezeichnung Produktname Produkt designation libelle produit
        room_type 房型 房间类型 Zimmertyp Zimmerkategorie type_chambre
    """),
    _meaning("department", "word", _ORDERS, "department dept division 部门 大类 品部 一级类目 Abteilung rayon"),
    _meaning("category", "word", _ORDERS, """
        category product_category product_group group commodity_desc class 类别 分类 品类 商品分类 商品类别 类目
        中类 二级类目 Kategorie Warengruppe categorie
    """),
    _meaning("brand", "word", _ORDERS, "brand manufacturer vendor label 品牌 厂商 Marke Hersteller marque"),
    _meaning("quantity", "number", _ORDERS, """
        quantity qty pieces units count lineitem_quantity number_of_items quantity_ordered qty_ordered sales_qty
        数量 件数 购买数量 商品数量 宝贝总数量 销量 Menge Anzahl Stueck Stück quantite qte nombre
        room_nights nights 间夜 间夜数 Zimmernächte nuitées
    """),
    _meaning("amount", "money", _ORDERS, """
        line_total net_amount sales_value amount_paid paid sales revenue turnover gross_amount value price_total
        subtotal total sum order_total grand_total money 实付 实付金额 实付款 实收 实收金额 买家实际支付金额
        支付金额 付款金额 成交金额 小计 金额 销售额 销售金额 应付金额 总金额 合计 订单金额 消费金额 Betrag Summe
        Umsatz Gesamt Gesamtpreis Gesamtbetrag Zeilenbetrag montant montant_ttc prix_total
        room_revenue 房费 房费总额 消费总额 Logisumsatz
    """),
    _meaning("unit_price", "money", _ORDERS, """
        price unit_price unitprice item_price lineitem_price list_price retail_price 单价 价格 售价 商品价格 原价
        吊牌价 Preis Einzelpreis Stückpreis prix prix_unitaire
        room_rate 房价 Zimmerpreis prix_chambre
    """),
    _meaning("discount", "money", _ORDERS, """
        discount discount_amount rebate reduction retail_disc coupon_disc lineitem_discount 折扣 折扣金额 优惠
        优惠金额 商家优惠 Rabatt Nachlass remise
    """),
    _meaning("currency", "currency", _ORDERS, "currency currency_code ccy 币种 货币 Währung devise monnaie"),
    _meaning("branch_ref", "ref", _BOTH, """
        branch branch_id store store_id store_no store_name shop shop_id location outlet pos_id till site 门店
        门店编号 门店名称 店铺 店铺编号 店铺名称 分店 店号 网点 Filiale Filialnummer Laden Standort magasin boutique
        point_de_vente
    """),
    _meaning("promotion_ref", "ref", _ORDERS, """
        promotion promotion_id promo promo_code campaign campaign_id coupon coupon_code coupon_upc voucher
        discount_code 活动 促销 促销活动 优惠券 优惠码 优惠券编号 Aktion Gutschein Gutscheincode code_promo
    """),
    _meaning("name", "name", _BOTH, """
        name full_name customer_name client_name member_name buyer_name recipient billing_name shipping_name
        contact_name 姓名 客户姓名 客户名称 会员姓名 顾客姓名 联系人 收货人 收货人姓名 买家姓名 Kundenname
        vollständiger_Name nom_complet
        guest_name 客人姓名 宾客姓名 住客姓名 入住人 Gastname
        person_name surname_and_name nombre_completo nome_completo nominativo imie_i_nazwisko naam 全名 客户名 氏名
    """),
    _meaning("given_name", "name", _BOTH, """
        given_name first_name firstname forename christian_name 名 名字 Vorname prenom
        fname first given forenames given_names first_names name_first nombre nombres nome imie voornaam
    """),
    _meaning("family_name", "name", _BOTH, """
        family_name last_name lastname surname second_name 姓 姓氏 Nachname Familienname nom
        lname last family name_last surnames apellido apellidos cognome sobrenome nazwisko achternaam
    """),
    _meaning("honorific", "word", _BOTH, """
        honorific title_of_address salutation prefix mr_mrs 称呼 称谓 尊称 Anrede civilite
    """),
    _meaning("sex", "sex", _BOTH, "sex gender 性别 Geschlecht sexe genre"),
    _meaning("birth_on", "birth", _BOTH, """
        birth_date birthdate birthday date_of_birth dob born born_on 出生日期 生日 出生年月 出生年月日 会员生日
        Geburtsdatum Geburtstag geboren date_naissance date_de_naissance
        birth bday birth_day date_birth fecha_nacimiento fecha_de_nacimiento data_nascita data_di_nascita
        data_nascimento data_urodzenia geboortedatum 生年月日
    """),
    _meaning("phone", "phone", _BOTH, """
        phone telephone tel mobile cell cellphone mobile_phone phone_number mobile_number billing_phone
        shipping_phone 手机 手机号 手机号码 电话 联系电话 联系手机 移动电话 Telefon Telefonnummer Handy Mobil
        Mobilnummer portable
        telephone_number contact_number contact_no telefono telefone telefoon telefoonnummer numer_telefonu mobiel
        gsm movil celular cellulare 电话号码 電話番号 Rufnummer
    """),
    _meaning("email", "email", _BOTH, """
        email e_mail mail email_address mail_address 邮箱 电子邮箱 邮件 电子邮件 E-Mail-Adresse courriel
        correo correo_electronico posta_elettronica 电邮
    """),
    _meaning("street", "text", _BOTH, """
        street address address1 address_1 street_address address_line billing_street shipping_street
        billing_address1 shipping_address1 地址 详细地址 收货地址 联系地址 街道 通讯地址 Straße Strasse Adresse
        Anschrift rue adresse
        addr addr1 addr_1 street_name home_address mailing_address residential_address direccion domicilio calle
        indirizzo endereco adres ulica 住址 家庭住址 住所
    """),
    _meaning("house_number", "text", _BOTH, """
        house_number house_no house_num street_number street_no building_number 门牌号 门牌号码 Hausnummer Hausnr HNr
        numero_rue numero_civico huisnummer nr_domu
    """),
    _meaning("more_of_street", "text", _BOTH, """
        address2 address_2 address_line_2 addr2 addr_2 street2 street_2 billing_address2 shipping_address2 unit_number
        flat flat_number apartment apartment_number apt suite 楼栋房号 房号 Adresszusatz complement_adresse
    """),
    _meaning("city", "word", _BOTH, """
        city town billing_city shipping_city 城市 市 所在城市 Ort Stadt Wohnort ville suburb locality municipality
        post_town city_name ciudad localidad poblacion citta comune cidade miasto plaats woonplaats 市区町村
    """),
    _meaning("region", "word", _BOTH, """
        region state province county billing_province shipping_province 省 省份 地区 州 Bundesland Land_Region
        departement
    """),
    _meaning("postcode", "postcode", _BOTH, """
        postcode postal_code zip zip_code zipcode plz billing_zip shipping_zip 邮编 邮政编码 Postleitzahl
        code_postal
        postal pcode codigo_postal codice_postale cap cep kod_pocztowy 郵便番号
    """),
    _meaning("country", "country", _BOTH, """
        country country_code nation billing_country shipping_country 国家 国籍 Land pays
    """),
    _meaning("language", "word", _BOTH, "language lang locale preferred_language 语言 Sprache langue"),
    _meaning("income_band", "word", _CUSTOMERS, """
        income income_band income_group income_desc 收入 收入水平 年收入 月收入 Einkommen revenu
    """),
    _meaning("household_size", "word", _CUSTOMERS, """
        household_size family_size persons_in_household 家庭人数 家庭人口 Haushaltsgröße
    """),
    _meaning("marital_status", "word", _CUSTOMERS, """
        marital_status married family_status 婚姻 婚姻状况 婚否 Familienstand etat_civil
    """),
    _meaning("allergies", "text", _CUSTOMERS, """
        allergies allergy food_intolerance 过敏 过敏史 过敏原 Allergien allergie
    """),
    _meaning("id_document", "ref", _CUSTOMERS, """
        id_document id_number id_card passport passport_no identity_card 身份证 身份证号 身份证号码 证件号 证件号码
        护照号 Ausweis Ausweisnummer Personalausweis piece_identite
        ssn soc_sec_id social_security social_security_number social_security_no national_id nino nhs_number dni pesel
        codice_fiscale
    """),
    _meaning("household_ref", "ref", _CUSTOMERS, "household family_id household_number 家庭编号 家庭号 Haushalt foyer"),
    _meaning("company_code", "ref", _CUSTOMERS, """
        company_number company_no company_registration company_registration_number company_tax_id uscc
        social_credit_code unified_social_credit_code 统一社会信用代码 社会信用代码 信用代码 公司代码 企业代码 单位代码
        公司税号 企业税号 Handelsregisternummer siren
    """),
    _meaning("company_name", "text", _CUSTOMERS, """
        company employer organisation organization organisation_name organization_name 公司 公司名称 公司名
        企业名称 单位 单位名称 工作单位 Firma Firmenname Unternehmen entreprise raison_sociale
    """),
    _meaning("consent_direct_marketing", "choice", _CUSTOMERS, """
        consent marketing marketing_consent accepts_marketing opt_in optin newsletter subscribed marketing_opt_in
        同意营销 营销许可 接受营销 是否接受营销 订阅 Werbung Werbeeinwilligung Einwilligung consentement
    """),
    _meaning("consent_third_party_disclosure", "choice", _CUSTOMERS, """
        disclosure share_data data_sharing third_party third_party_consent 同意披露 向第三方披露 第三方共享
        Weitergabe
    """),
    _meaning("consent_automated_decision", "choice", _CUSTOMERS, """
        profiling automated_decisions 自动决策 智能决策 画像 Profilbildung
    """),
    _meaning("consent_sensitive_use", "choice", _CUSTOMERS, "sensitive_data sensitive_use 敏感数据使用 敏感信息使用"),
    _meaning("consent_email", "choice", _CUSTOMERS, """
        email_opt_in email_consent accepts_email accepts_email_marketing email_ok mail_ok 接受邮件 邮件许可
        Einwilligung_Email
    """),
    _meaning("consent_phone", "choice", _CUSTOMERS, """
        phone_opt_in phone_consent accepts_calls phone_ok 接受电话 电话许可 Anruf_erlaubt
    """),
    _meaning("consent_letter", "choice", _CUSTOMERS, """
        letter_opt_in post_opt_in mail_consent letter_ok 接受信函 邮寄许可 Post_erlaubt
    """),
    _meaning("consent_sms", "choice", _CUSTOMERS, """
        sms_opt_in sms_consent accepts_sms accepts_sms_marketing sms_ok 接受短信 短信许可 SMS_erlaubt
    """),
)  # fmt: skip
BY_KEY: dict[str, Meaning] = {meaning.key: meaning for meaning in MEANINGS}
#: What a customer's own record only keeps sealed.
SEALED = ("allergies", "id_document")
PERSONAL = tuple(m.key for m in MEANINGS if "customers" in m.kinds and m.key not in ("customer_ref", "branch_ref"))


#: A column under an attribute of the company's own is called `own.` and the attribute's key.
OWN = "own."


def own_attribute_of(meaning: str) -> str:
    """The key of the own attribute a column stands for; empty for every other meaning.

    >>> own_attribute_of("own.shoe_size"), own_attribute_of("city")
    ('shoe_size', '')
    """
    return meaning.removeprefix(OWN) if meaning.startswith(OWN) else ""


def meanings_for(kind: str) -> tuple[Meaning, ...]:
    """The meanings that occur in a file of this kind (`orders` or `customers`)."""
    return tuple(meaning for meaning in MEANINGS if kind in meaning.kinds)
