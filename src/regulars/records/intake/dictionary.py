"""What intake's tables hold."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, plain, secret
from regulars.rules.privacy.exposure import ANALYSED, OWN_HOUSE
from regulars.rules.privacy.vocabulary import plains

_RUN = (
    "id", "source_id", "kind", "file_name", "file_path", "file_digest", "state", "settings", "asked_by", "rows_expected", "rows_read",
    "rows_new", "rows_changed", "rows_same", "rows_refused", "customers_new", "customers_matched", "done_through", "progress",
    "message", "cleaned", "created_at", "started_at", "finished_at",
)  # fmt: skip

TABLES = (
    Table("source", "Where data comes from", (
        plain("id", "Number", "编号"), plain("ref", "Reference", "代号"), plain("name", "Name", "名称"), plain("owner", "Owner", "负责人"),
        plain("kind", "Kind", "类别"), plain("supplier", "Supplier", "供应方"), plain("licence", "Licence", "许可"),
        plain("lawful_basis", "Lawful basis", "合法依据"), plain("purposes", "Permitted purposes", "允许的用途"),
        plain("cost_minor", "Cost", "费用"), plain("currency", "Currency", "币种"), plain("expires_on", "May be kept until", "可保留至"),
        plain("trust", "How far it is trusted", "可信程度"), plain("refresh_days", "Refresh cycle in days", "更新周期（天）"),
        plain("leave", "What cleaning leaves as it is", "清洗时保持原样的"),
        plain("settings", "How its columns are read", "列的读法"), plain("created_at", "Made", "建立时间"),
    ), views=ANALYSED),
    Table("choosing_rule", "Which source is believed, where they disagree", (
        plain("thing", "About what", "关于什么"), plain("rule", "Rule", "规则"),
    ), views=OWN_HOUSE),
    Table("table_source", "Tables of other databases that are read again and again", (
        plain("id", "Number", "编号"), plain("source_id", "Source", "来源"), plain("name", "Name", "名称"), plain("table_name", "Table", "表"),
        plain("by_column", "Column it is read by", "按哪一列读取"), plain("kind", "Kind", "类别"), plain("columns", "Columns", "列"),
        plain("answers", "Answers", "答复"), plain("every_minutes", "Read every so many minutes", "每隔几分钟读取"),
        plain("look_back_hours", "Hours it looks back", "回看小时数"), plain("mark", "How far it was read", "读到哪里"),
        secret("seen", "Digests of rows that are read again", "会再读的行的摘要"), plain("problem", "What was in the way", "遇到的问题"),
        plain("last_run_id", "Last file", "最近的文件"), plain("last_at", "Last read", "最近读取"),
        identifying("made_by", "user.name", "Made by", "建立人"), plain("made_at", "Made", "建立时间"), plain("ended_at", "Ended", "终止时间"),
    ), views=OWN_HOUSE),
    house_table("source_task", "What has to be said of a source before more of it comes in", (
        plain("id", "Number", "编号"), plain("source_id", "Source", "来源"), plain("kind", "Kind", "类别"), plain("told", "What is different", "变化内容"),
        identifying("owner", "user.name", "Owner", "负责人"), plain("opened_at", "Opened", "提出时间"), plain("closed_at", "Done", "完成时间"),
        identifying("closed_by", "user.name", "Done by", "完成人"),
    )),
    Table("import_run", "Files on their way in", plains(_RUN), views=OWN_HOUSE | {"repair"}),
)  # fmt: skip
