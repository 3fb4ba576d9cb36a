"""What is kept about pairs that may be one person, and about merges."""

from typing import Final

from regulars.rules.privacy.dictionary import house_table, identifying, personal, plain, pseudonym

_PAIR: Final = (
    plain("id", "Number", "编号"), pseudonym("low_id", "Customer", "客户"), pseudonym("high_id", "The other customer", "另一位客户"),
)  # fmt: skip
_FROM_INTO: Final = (
    pseudonym("goes_id", "Merged customer", "被合并客户"),
    pseudonym("into_id", "Surviving customer", "保留客户"),
)

TABLES = (
    house_table("review_pair", "Two who may be one person, and what was decided", (
        *_PAIR, plain("bits", "Weight", "权重"), plain("probability", "Probability", "概率"),
        personal("steps", "user", "What agrees and what does not", "哪些一致、哪些不一致"), identifying("found_by", "user.name", "Found by", "发现者"),
        plain("put_at", "Put up", "列入时间"), plain("state", "State", "状态"), identifying("decided_by", "user.name", "Decided by", "决定人"),
        plain("decided_at", "Decided", "决定时间"), personal("because", "user.content", "Reason", "理由"))),
    house_table("different_pair", "Two who are confirmed to be two persons", (
        *_PAIR, identifying("said_by", "user.name", "Said by", "确认人"), plain("said_at", "Said", "确认时间"),
        personal("because", "user.content", "Reason", "理由"))),
    house_table("merge", "Who was merged into whom, by whom and why", (
        plain("id", "Number", "编号"), *_FROM_INTO, plain("at", "Moment", "时间"), identifying("who", "user.name", "Who", "谁"),
        personal("because", "user.content", "Reason", "理由"),
        personal("kept", "user", "What the surviving record said before", "保留记录原先的内容", sealed=True), plain("marks", "Newest rows then", "当时最新的行"),
        plain("undone_at", "Undone", "撤销时间"), identifying("undone_by", "user.name", "Undone by", "撤销人"),
        personal("undone_because", "user.content", "Reason of undoing", "撤销理由"))),
    house_table("merged_rows", "Rows that went over with a merge", (
        plain("id", "Number", "编号"), plain("merge_id", "Merge", "合并"), plain("table_name", "Table", "表"), pseudonym("keys", "Rows", "行"))),
    house_table("match_run", "Batches that compared customers, and how far they came", (
        plain("id", "Number", "编号"), plain("kind", "Kind", "种类"), plain("state", "State", "状态"),
        personal("because", "user.content", "Reason", "理由"), plain("progress", "Progress", "进度"), plain("started_at", "Started", "开始时间"), identifying("started_by", "user.name", "Started by", "启动人"),
        plain("done_until", "Done until", "已完成至"), plain("customers", "Customers", "客户数"), plain("sure", "Sure pairs", "确定的对数"),
        plain("doubtful", "Doubtful pairs", "存疑的对数"), plain("put_up", "Newly put up", "新列入"), plain("finished_at", "Finished", "完成时间"))),
)  # fmt: skip
