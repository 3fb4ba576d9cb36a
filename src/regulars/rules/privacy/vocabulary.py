"""What bare columns are called on a page, in both languages, so that a dictionary need only list their names."""

from collections.abc import Iterable

from regulars.rules.privacy.dictionary import PURPOSES, Column, identifying, plain

#: Columns that name a member of staff: she is a person too, though no customer.
STAFF = frozenset({"noted_by", "owner", "by", "frozen_by", "asked_by", "made_by", "changed_by", "issued_by"})

WORDS: dict[str, tuple[str, str]] = {
    "id": ("Number", "编号"),
    "key": ("Key", "代号"),
    "name": ("Name", "名称"),
    "name_zh": ("Chinese name", "中文名称"),
    "kind": ("Kind", "种类"),
    "state": ("State", "状态"),
    "at": ("Moment", "时间"),
    "by": ("By", "经手"),
    "detail": ("Detail", "详情"),
    "rule": ("Rule", "规则"),
    "version": ("Version", "版本"),
    "size": ("People", "人数"),
    "owner": ("Owner", "负责人"),
    "made_at": ("Made", "建立时间"),
    "created_at": ("Made", "建立时间"),
    "started_at": ("Started", "开始时间"),
    "finished_at": ("Finished", "结束时间"),
    "changed_at": ("Changed", "改动时间"),
    "changed_by": ("Changed by", "改动人"),
    "frozen_at": ("Frozen", "冻结时间"),
    "frozen_by": ("Frozen by", "冻结人"),
    "settings": ("Settings", "设定"),
    "message": ("Message", "消息"),
    "progress": ("Progress", "进度"),
    # campaigns
    "selling_point": ("Selling point", "卖点"),
    "channel": ("Channel", "渠道"),
    "brand": ("Brand", "品牌"),
    "topic": ("Topic", "话题"),
    "purpose": ("Purpose", "用途"),
    "reason": ("Reason", "缘由"),
    "priority": ("Priority", "优先级"),
    "cap_30d": ("Contacts in 30 days at most", "三十天联系上限"),
    "segment_id": ("Segment", "细分"),
    "segment_version": ("Version of the segment", "细分版本"),
    "audience_id": ("Audience", "受众"),
    "campaign_id": ("Campaign", "活动"),
    "subject": ("Subject", "主题"),
    "subject_zh": ("Chinese subject", "中文主题"),
    "body": ("Text", "正文"),
    "body_zh": ("Chinese text", "中文正文"),
    "test_share": ("Share in the test", "测试占比"),
    "holdout_share": ("Share held out", "对照占比"),
    "threshold": ("Threshold", "门槛"),
    "expected_response": ("Expected response", "预期响应率"),
    "budget_minor": ("Budget in minor units", "预算（分）"),
    "cost_each_minor": ("Cost of one contact in minor units", "单次成本（分）"),
    "currency": ("Currency", "币种"),
    "answers_until": ("Answers until", "回应截止"),
    "funnel": ("Funnel", "漏斗"),
    "result": ("Result", "结果"),
    "replay_of": ("Replay of", "重演自"),
    "number": ("Number", "序号"),
    "people": ("People", "人数"),
    "responses": ("People who answered", "回应人数"),
    # value, month by month
    "month": ("Month", "月份"),
    "rfm_group": ("Group", "组"),
    "customers": ("Customers", "客户数"),
    "amount_minor": ("Amount in minor units", "金额（分）"),
    "gained": ("Gained", "新增"),
    "kept": ("Kept", "留住"),
    "won_back": ("Won back", "赢回"),
    "lapsed": ("Lapsed", "流失"),
    "inside": ("Inside the bucket", "桶内"),
    "gained_minor": ("Money gained in minor units", "新增金额（分）"),
    "kept_minor": ("Money kept in minor units", "留住金额（分）"),
    "won_back_minor": ("Money won back in minor units", "赢回金额（分）"),
    "lapsed_minor": ("Money lapsed in minor units", "流失金额（分）"),
    "due": ("Due", "该来"),
    "bought": ("Bought", "来了"),
    "within_grace": ("Within their grace", "还在宽限内"),
    "bought_minor": ("Money spent in minor units", "消费金额（分）"),
    "as_of": ("As of", "截至"),
    "step": ("Step", "步骤"),
    "order_lines": ("Order lines", "订单行数"),
    # intake
    "source_id": ("Source", "来源"),
    "file_name": ("File name", "文件名"),
    "file_path": ("Where the file lies", "文件位置"),
    "file_digest": ("Digest of the file", "文件摘要"),
    "asked_by": ("Asked by", "发起人"),
    "rows_expected": ("Rows expected", "预计行数"),
    "rows_read": ("Rows read", "已读行数"),
    "rows_new": ("Rows new", "新行数"),
    "rows_changed": ("Rows changed", "改动行数"),
    "rows_same": ("Rows unchanged", "未变行数"),
    "rows_refused": ("Rows set aside", "放在一边的行数"),
    "customers_new": ("Customers new", "新客户数"),
    "customers_matched": ("Customers recognised", "认出客户数"),
    "done_through": ("Done through row", "已完成到行"),
    # disclosures
    "partner_id": ("Partner", "合作方"),
    "country": ("Country", "国家"),
    "answers": ("Who answers there", "对方联系人"),
    "made_by": ("Made by", "建立人"),
    "ref": ("Reference", "编号"),
    "permission": ("Permission", "许可依据"),
    "fields": ("Fields", "字段"),
    "promises": ("Promises", "承诺"),
    "least": ("Fewest people in a count", "统计最少人数"),
    "valid_from": ("Valid from", "生效日"),
    "valid_until": ("Valid until", "截止日"),
    "stopped_at": ("Stopped", "终止时间"),
    "stopped_because": ("Stopped because", "终止原因"),
    "contract_id": ("Contract", "合同"),
    "because": ("Because", "理由"),
    "content": ("Content", "内容"),
    "rows": ("Rows", "行数"),
    "expires_on": ("Usable until", "使用期限"),
    "what": ("What", "内容"),
    # figures
    "cube_id": ("Declaration", "统计声明"),
    "release_id": ("Release", "披露文件"),
    "dimensions": ("Counted by", "统计维度"),
    "measures": ("Summed up", "汇总项目"),
    "only": ("Only these people", "仅限人群"),
    "since": ("Orders from", "订单起始日"),
    "until": ("Orders before", "订单截止日"),
    "percent": ("Protection of the biggest buyer (per cent)", "最大买家的保护幅度（百分比）"),
    "digest": ("Digest", "摘要"),
    "ended_at": ("Ended", "结束时间"),
    "made_on": ("Day", "日期"),
    "categories": ("Categories", "类别"),
    "figures": ("Figures", "数字"),
    "source_ref": ("Source", "来源"),
    "price_minor": ("Price in minor units", "价格（分）"),
    "bought_on": ("Bought", "购入日"),
    "noted_by": ("Noted by", "记录人"),
    "noted_at": ("Noted", "记录时间"),
}


def plains(names: Iterable[str]) -> tuple[Column, ...]:
    """Columns that say nothing about a customer, under the house's words for them.

    >>> [(c.label, c.label_zh, str(c.class_)) for c in plains(["month", "asked_by"])]
    [('Month', '月份', 'none'), ('Asked by', '发起人', 'identifying')]
    """
    return tuple(_named(name) for name in names)


def _named(name: str) -> Column:
    english, chinese = WORDS.get(name, (name, name))
    if name in STAFF:
        return identifying(name, "user.name", english, chinese, purposes=frozenset(PURPOSES))
    return plain(name, english, chinese)
