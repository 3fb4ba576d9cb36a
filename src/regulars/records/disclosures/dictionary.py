"""What is kept about disclosures: partners and contracts concern nobody but companies; releases say who was in them."""

from regulars.rules.privacy.dictionary import Table, house_table, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OFFICE
from regulars.rules.privacy.vocabulary import plains

TABLES = (
    Table("partner", "Partners outside", plains(("id", "key", "name", "name_zh", "country", "answers", "made_by", "made_at")), views=OFFICE),
    Table("disclosure_contract", "What a partner may have, for what, until when", plains((
        "id", "partner_id", "ref", "purpose", "permission", "fields", "promises", "least", "brand", "topic", "valid_from", "valid_until",
        "made_by", "made_at", "stopped_at", "stopped_because")), views=OFFICE),
    house_table("partner_pseudonym", "A customer's name with one partner", (
        plain("id", "Number", "编号"), plain("partner_id", "Partner", "合作方"), pseudonym("customer_id", "Customer", "客户"),
        pseudonym("pseudonym", "Pseudonym", "假名"))),
    Table("partner_release", "Files that left", plains((
        "id", "contract_id", "made_at", "made_by", "because", "kind", "content", "rows", "file_digest", "expires_on")), views=OFFICE),
    Table("released_person", "Who was in a file that left", (
        plain("id", "Number", "编号"), personal("release_id", "user.privacy_preferences", "Release", "披露文件"),
        pseudonym("customer_id", "Customer", "客户"),
    ), person="customer_id", views=OFFICE),
    Table("bought_data", "Data that was bought", plains((
        "id", "partner_id", "what", "permission", "source_ref", "rows", "price_minor", "currency", "bought_on", "valid_until", "noted_by",
        "noted_at")), views=OFFICE),
)  # fmt: skip
