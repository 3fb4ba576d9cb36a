"""What the two books hold."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, pseudonym, secret
from regulars.rules.privacy.exposure import OFFICE

TABLES = (
    Table("access_entry", "Who looked, granted or denied", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), identifying("who", "user.name", "Who", "谁"), plain("role", "Role", "角色"),
        plain("view", "View", "视图"), plain("purpose", "Purpose", "用途"), plain("door", "Door", "入口"), personal("because", "user.content", "Reason", "理由"),
        personal("reference", "user.content", "Reference", "事由编号"), pseudonym("customer_id", "Customer", "客户"), plain("rows", "Rows", "行数"),
        plain("allowed", "Allowed", "放行"), plain("xid", "Transaction", "事务"),
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
    Table("privacy_entry", "What was done about privacy, granted or refused", (
        plain("id", "Number", "编号"), plain("at", "Moment", "时间"), identifying("who", "user.name", "Who", "谁"), plain("role", "Role", "角色"),
        plain("deed", "Deed", "事项"), plain("subject", "About", "对象"), plain("detail", "Particulars", "细节"),
        pseudonym("customer_id", "Customer", "客户"), plain("allowed", "Allowed", "放行"), plain("xid", "Transaction", "事务"),
    ), views=OFFICE),
    Table("log_batch", "Stretches of the log, closed for good", (
        plain("number", "Number", "编号"), plain("at", "Closed", "封存时间"), plain("book", "Book", "日志"), plain("form", "Form", "格式"),
        plain("marks", "Key of the pseudonyms", "代号密钥标记"), plain("floor", "Above line", "起始行"), plain("since", "From transaction", "起始事务"),
        plain("until", "Before transaction", "截止事务"), plain("lines", "Lines", "行数"), plain("root", "Root hash", "根哈希"),
        plain("last_id", "Highest line", "最大行号"),
    ), views=OFFICE),
    Table("log_checkpoint", "The log at a moment, signed", (
        plain("number", "Number", "编号"), plain("at", "Moment", "时间"), plain("size", "Batches", "批次数"), plain("root", "Root hash", "根哈希"),
        plain("lines", "Lines", "行数"), plain("previous", "Digest of the one before", "上一检查点摘要"), plain("key", "Public key", "公钥"),
        plain("signature", "Signature", "签名"), plain("peaks", "Peaks of the tree", "树峰"),
    ), views=OFFICE),
    Table("log_copy", "How the copies off the machine stand", (
        plain("place", "Place", "存放处"), plain("number", "Newest checkpoint there", "最新检查点"), plain("arrived_at", "Arrived", "送达时间"),
        plain("tried_at", "Last tried", "上次尝试"), plain("failures", "Failures since", "连续失败"), plain("message", "What went wrong", "失败原因"),
    ), views=OFFICE),
    Table("reading_hour", "Who reads how much, hour by hour", (
        plain("id", "Number", "编号"), plain("who", "Key of the reader", "读者标识"), identifying("name", "user.name", "Who", "谁"), plain("role", "Role", "角色"),
        plain("view", "View", "视图"), plain("hour", "Hour", "小时"), plain("files", "Files opened", "打开的档案数"), plain("rows", "Rows of lists", "名单行数"),
        secret("seen", "Whose files, this hour", "本小时打开的客户"), plain("slow_files", "Slower beyond, files", "档案放慢界限"), plain("slow_rows", "Slower beyond, rows", "行数放慢界限"),
        plain("stop_files", "Stopped beyond, files", "档案停止界限"), plain("stop_rows", "Stopped beyond, rows", "行数停止界限"), plain("stopped", "Stopped", "已停止"),
    ), views=OFFICE),
    house_table("sql_count", "How far analysts' logins have been counted", (
        identifying("role_name", "user.account.username", "Login", "登录名"), plain("statements", "Statements", "语句数"), plain("rows", "Rows", "行数"),
        plain("counted_at", "Counted", "计数时间"))),
    Table("reading_alarm", "Who read unusually much, and who released it", (
        plain("id", "Number", "编号"), plain("who", "Key of the reader", "读者标识"), identifying("name", "user.name", "Who", "谁"), plain("role", "Role", "角色"),
        plain("view", "View", "视图"), plain("kind", "Slowed or stopped", "放慢或停止"), plain("at", "Moment", "时间"), plain("files", "Files opened", "打开的档案数"),
        plain("rows", "Rows of lists", "名单行数"), plain("bound_files", "Bound, files", "档案界限"), plain("bound_rows", "Bound, rows", "行数界限"),
        plain("released_at", "Released", "解除时间"), identifying("released_by", "user.name", "Released by", "解除人"), personal("because", "user.content", "Reason", "理由"),
    ), views=OFFICE),
)  # fmt: skip
