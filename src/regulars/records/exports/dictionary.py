"""What is kept about exports: facts for the office, who was in them, and the invented people no view shows."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, pseudonym, secret
from regulars.rules.privacy.exposure import OFFICE

TABLES = (
    Table("export", "Lists of people that were handed out", (
        plain("id", "Number", "编号"), plain("made_at", "Moment", "时间"), identifying("made_by", "user.name", "Who", "谁"),
        plain("reader", "Key of the reader", "读者标识"), plain("role", "Role", "角色"), plain("view", "View", "视图"),
        plain("purpose", "Purpose", "用途"), plain("door", "Door", "入口"), personal("because", "user.content", "Reason", "理由"),
        plain("content", "What", "内容"), plain("own_columns", "Own attributes in it", "所含自有属性"),
        plain("list_of_day", "List of a day", "当日名单"), plain("rows", "Rows", "行数"),
        plain("expires_on", "Usable until", "可用至"), plain("ended_at", "Ended", "终止时间"),
        identifying("ended_by", "user.name", "Ended by", "终止人"), personal("ended_because", "user.content", "Why ended", "终止理由"),
    ), views=OFFICE),
    Table("exported_person", "Who was in a list that was handed out", (
        plain("id", "Number", "编号"), personal("export_id", "user.privacy_preferences", "Export", "导出"),
        pseudonym("customer_id", "Customer", "客户"), plain("place", "Place", "位置"),
        secret("figures", "Marks of what it said of her in figures", "其中数字的标记"),
    ), person="customer_id", views=OFFICE, merged_stay=True),
    house_table("export_decoy", "Invented people in exports", (
        secret("id", "Number", "编号"), secret("export_id", "Export", "导出"), secret("place", "Place", "位置"),
        secret("number", "Customer number", "客户编号"), secret("name", "Name", "姓名"), secret("city", "City", "城市"))),
    house_table("export_rule", "How long exports may be used", (
        plain("id", "Number", "编号"), plain("days", "Days", "天数"), plain("decoys", "Invented people", "虚构客户"),
        plain("changed_by", "Changed by", "修改人"), plain("changed_at", "Changed", "修改时间"))),
)  # fmt: skip
