"""What is kept about purchases."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, pseudonym
from regulars.rules.privacy.exposure import ANALYSED, OWN_HOUSE

_HISTORY = "user.behavior.purchase_history"

TABLES = (
    Table("product", "What is sold", (
        plain("id", "Number", "编号"), plain("source_id", "Source", "来源"), plain("ref", "Reference", "货号"), plain("name", "Name", "品名"),
        plain("department", "Department", "部门"), plain("category", "Category", "品类"), plain("brand", "Brand", "品牌"),
    ), views=ANALYSED),
    Table("order_line", "Order lines; returns are negative", (
        pseudonym("line_key", "Line", "行键", coarser="gone"),
        personal("ordered_at", _HISTORY, "Moment of the order", "下单时间", coarser="day"),
        pseudonym("customer_id", "Customer", "客户", coarser="renewed"), plain("source_id", "Source", "来源"),
        pseudonym("order_ref", "Order number", "订单号", coarser="gone"), pseudonym("order_key", "Order", "订单", coarser="severed"),
        personal("product_id", _HISTORY, "Product", "商品"), personal("branch_id", _HISTORY, "Branch", "门店"),
        personal("quantity_milli", _HISTORY, "Quantity in thousandths", "数量（千分之一）"),
        personal("amount_minor", _HISTORY, "Amount in minor units", "金额（分）", coarser="rounded"),
        personal("discount_minor", _HISTORY, "Discount in minor units", "折扣（分）", coarser="rounded"), plain("currency", "Currency", "币种"),
        personal("promotion_ref", _HISTORY, "Promotion", "促销"), plain("import_run_id", "Import", "导入"),
    ), person="customer_id", views=ANALYSED),
    Table("customer_activity", "Running totals per customer", (
        pseudonym("customer_id", "Customer", "客户", coarser="renewed"),
        personal("first_at", _HISTORY, "First order", "首单", coarser="day"),
        personal("last_at", _HISTORY, "Last order", "末单", coarser="day"),
        personal("orders", _HISTORY, "Orders", "订单数"), personal("lines", _HISTORY, "Lines", "行数"),
        personal("amount_minor", _HISTORY, "Amount in minor units", "金额（分）", coarser="band"), plain("currency", "Currency", "币种"),
        personal("last_branch_id", _HISTORY, "Last branch", "最近门店"),
    ), person="customer_id", views=ANALYSED),
    Table("desk_order", "Orders taken by hand, and what is still to be done of them", (
        plain("id", "Number", "编号"), pseudonym("key", "Key", "键"), pseudonym("ref", "Order number", "订单号"),
        pseudonym("customer_id", "Customer", "客户"), personal("channel", _HISTORY, "Channel", "渠道"),
        personal("branch_id", _HISTORY, "Branch", "门店"), identifying("taken_by", "user.name", "Taken by", "接单人"),
        personal("taken_at", _HISTORY, "Taken", "接单时间"), personal("promised_on", _HISTORY, "Promised for", "约定日期"),
        pseudonym("returns_ref", "Returned from order", "退货原订单号"), plain("state", "State", "状态"),
        plain("closed_at", "Closed", "了结时间"),
    ), person="customer_id", views=OWN_HOUSE),
    Table("product_price", "What products were last sold for", (
        plain("product_id", "Product", "商品"), plain("price_minor", "Price in minor units", "单价（分）"),
        plain("currency", "Currency", "币种"), plain("seen_at", "Seen", "记录时间"),
    ), views=OWN_HOUSE),
    house_table("order_draft", "Orders somebody is taking; sealed with a key of the house, emptied once they are placed", (
        plain("key", "Key", "键"), identifying("staff_id", "user.name", "Staff", "员工", purposes=frozenset()),
        identifying("content", "user.contact", "What was typed so far", "已填内容", purposes=frozenset()),
        plain("changed_at", "Changed", "改动时间"), pseudonym("order_ref", "Order number", "订单号"))),
    house_table("order_told", "Orders that events told, and of when the last word is", (
        pseudonym("order_key", "Order", "订单"), plain("placed_at", "Placed", "下单时间"), plain("told_at", "Last word", "最近消息时间"))),
    house_table("month_touched", "Months the warehouse still has to write", (
        plain("month", "Month", "月份"), plain("changed_at", "Changed", "改动时间"))),
)  # fmt: skip
