"""What intake's tables hold. A row set aside may hold anything, so it is classed as the strictest it could be."""

from regulars.rules.privacy.dictionary import Table, identifying, personal, plain
from regulars.rules.privacy.exposure import ANALYSED, OWN_HOUSE
from regulars.rules.privacy.vocabulary import plains

_MENDING = frozenset({"oversight", "data_care"})

_RUN = (
    "id", "source_id", "kind", "file_name", "file_path", "file_digest", "state", "settings", "asked_by", "rows_expected", "rows_read",
    "rows_new", "rows_changed", "rows_same", "rows_refused", "customers_new", "customers_matched", "done_through", "progress",
    "message", "created_at", "started_at", "finished_at",
)  # fmt: skip
_HALF_A_YEAR = "180 days after noted"

TABLES = (
    Table("source", "Where data comes from", (
        plain("id", "Number", "编号"), plain("ref", "Reference", "代号"), plain("name", "Name", "名称"), plain("owner", "Owner", "负责人"),
        plain("lawful_basis", "Lawful basis", "合法依据"), plain("refresh_days", "Refresh cycle in days", "更新周期（天）"),
        plain("settings", "How its columns are read", "列的读法"), plain("created_at", "Made", "建立时间"),
    ), views=ANALYSED),
    Table("import_run", "Files on their way in", plains(_RUN), views=OWN_HOUSE | {"repair"}),
    Table("refused_row", "Rows set aside", (
        plain("id", "Number", "编号"), plain("import_run_id", "Import", "导入"), plain("row_number", "Row", "行号"),
        plain("reason", "Reason", "原因"), plain("column", "Column", "列"),
        personal("example", "user.behavior", "Value that names nobody", "不涉及身份的值"),
        identifying("value", "user.contact", "Value", "值", purposes=_MENDING, keep=_HALF_A_YEAR),
        identifying("raw", "user.contact", "Whole row", "整行", purposes=_MENDING, keep=_HALF_A_YEAR),
        plain("ordinal", "Place among its equals", "同类行中的次序"),
        plain("row_taken", "Only the cell was left out", "只略去此格"),
    ), views=OWN_HOUSE | {"repair"}, noted="(SELECT r.finished_at FROM import_run r WHERE r.id = t.import_run_id)"),
)  # fmt: skip
