"""What is kept about figures and extracts: what is declared, what was told. Who was in it is sealed, under numbers of its own."""

from regulars.rules.privacy.dictionary import Table, house_table, plain, pseudonym, secret
from regulars.rules.privacy.exposure import OFFICE
from regulars.rules.privacy.vocabulary import plains

TABLES = (
    Table("cube", "What is counted for a partner", plains((
        "id", "partner_id", "name", "dimensions", "measures", "only", "since", "until", "percent", "digest", "because", "made_by", "made_at",
        "ended_at")), views=OFFICE),
    Table("cube_answer", "Figures that left, and the ledger of whom they are of", (
        *plains(("id", "cube_id", "release_id", "made_at", "made_on", "least", "categories", "figures")), secret("members", "Who was counted", "计入的人"),
    ), views=OFFICE),
    Table("extract", "Rows without people a partner may have", plains((
        "id", "partner_id", "name", "known", "confidential", "variety", "closeness", "suppressed", "because", "made_by", "made_at", "ended_at")),
        views=OFFICE),
    Table("extract_answer", "Files of extracts that left, and the ledger of whom they are of", (
        *plains(("id", "extract_id", "release_id", "made_at", "least", "rungs", "classes", "values", "risk")), secret("members", "Who is in it", "文件中的人"),
    ), views=OFFICE),
    house_table("counted_person", "A customer's number in the ledger of one partner", (
        plain("id", "Number", "编号"), plain("partner_id", "Partner", "合作方"), pseudonym("customer_id", "Customer", "客户"),
        pseudonym("number", "Number in the ledger", "账内编号"))),
)  # fmt: skip
