"""A row set aside may hold anything, so it is classed as the strictest it could be, and sealed."""

from regulars.rules.privacy.dictionary import Column, Table, identifying, plain
from regulars.rules.privacy.exposure import OWN_HOUSE

_MENDING = frozenset({"oversight", "data_care"})
_HALF_A_YEAR = "180 days after noted"
#: A file that was stopped or failed is never finished; what it left aside is as old as it is.
_OVER = "(SELECT coalesce(r.finished_at, r.created_at) FROM import_run r WHERE r.id = t.import_run_id)"


def _sealed(name: str, label: str, zh: str) -> Column:
    return identifying(name, "user.contact", label, zh, purposes=_MENDING, keep=_HALF_A_YEAR, sealed=True)


TABLES = (
    Table("refused_row", "Rows set aside", (
        plain("id", "Number", "编号"), plain("import_run_id", "Import", "导入"), plain("row_number", "Row", "行号"),
        plain("reason", "Reason", "原因"), plain("column", "Column", "列"),
        _sealed("example", "Value of a column that names nobody", "不涉及身份的列中的值"), _sealed("value", "Value", "值"),
        _sealed("raw", "Whole row", "整行"),
        plain("ordinal", "Place among its equals", "同类行中的次序"),
        plain("row_taken", "Only the cell was left out", "只略去此格"),
    ), views=OWN_HOUSE | {"repair"}, noted=_OVER),
)  # fmt: skip
