"""What intake's tables hold."""

from regulars.rules.privacy.dictionary import Table, plain
from regulars.rules.privacy.exposure import ANALYSED, OWN_HOUSE
from regulars.rules.privacy.vocabulary import plains

_RUN = (
    "id", "source_id", "kind", "file_name", "file_path", "file_digest", "state", "settings", "asked_by", "rows_expected", "rows_read",
    "rows_new", "rows_changed", "rows_same", "rows_refused", "customers_new", "customers_matched", "done_through", "progress",
    "message", "created_at", "started_at", "finished_at",
)  # fmt: skip

TABLES = (
    Table("source", "Where data comes from", (
        plain("id", "Number", "编号"), plain("ref", "Reference", "代号"), plain("name", "Name", "名称"), plain("owner", "Owner", "负责人"),
        plain("lawful_basis", "Lawful basis", "合法依据"), plain("refresh_days", "Refresh cycle in days", "更新周期（天）"),
        plain("settings", "How its columns are read", "列的读法"), plain("created_at", "Made", "建立时间"),
    ), views=ANALYSED),
    Table("import_run", "Files on their way in", plains(_RUN), views=OWN_HOUSE | {"repair"}),
)  # fmt: skip
