"""What the two books hold."""

from regulars.rules.privacy.dictionary import Table, identifying, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OFFICE

TABLES = (
    Table("access_entry", "Who looked, granted or denied", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), identifying("who", "user.name", "Who", "谁"), plain("role", "Role", "角色"),
        plain("view", "View", "视图"), plain("purpose", "Purpose", "用途"), plain("door", "Door", "入口"), personal("because", "user.content", "Reason", "理由"),
        personal("reference", "user.content", "Reference", "事由编号"), pseudonym("customer_id", "Customer", "客户"), plain("rows", "Rows", "行数"),
        plain("allowed", "Allowed", "放行"),
    ), views=OFFICE),
    Table("change_entry", "Who changed what", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), identifying("who", "user.name", "Who", "谁"), plain("door", "Door", "入口"),
        pseudonym("customer_id", "Customer", "客户"), plain("subject", "Table", "表"), plain("field", "Field", "字段"),
        personal("old", "user", "Before", "改前"), personal("new", "user", "After", "改后"),
    ), views=OFFICE),
    Table("check_run", "Checks of the house and what they found", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), identifying("asked_by", "user.name", "Asked by", "发起人"),
        plain("took_ms", "Duration in milliseconds", "用时（毫秒）"), pseudonym("findings", "Disagreements", "不一致之处"),
        plain("counts", "What was compared", "比对数量"), plain("limits", "What this server leaves open", "服务器留有的余地"),
    ), views=OFFICE),
)  # fmt: skip
