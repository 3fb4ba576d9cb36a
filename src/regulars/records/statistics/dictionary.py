"""What is kept about figures: what is counted, what was told. Who was counted is sealed, under numbers of its own."""

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
    house_table("counted_person", "A customer's number in the ledger of one partner", (
        plain("id", "Number", "编号"), plain("partner_id", "Partner", "合作方"), pseudonym("customer_id", "Customer", "客户"),
        pseudonym("number", "Number in the ledger", "账内编号"))),
)  # fmt: skip
