"""The shop's privacy statement, as it would hand it to its customers: short, and true of this demonstration."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from regulars.journeys.demo.cast import COMPANY, OFFICER
from regulars.journeys.write_statement import publish
from regulars.records.company.access import statement_version

IN_FORCE_FROM: Final = date(2017, 1, 1)

ENGLISH: Final = """\
How Millbrook Market treats what it knows about you.
This is a demonstration. The purchases are real and were published without names; every name, address, family and \
choice is invented. No message leaves this machine.

1. What we keep
Your name and how to reach you; what you bought, when and in which store; what is known of your household; what we \
sent you and what you answered; and what you decided. Your record says where it came from.
Allergies are sensitive. Everyday work does not show them, and nobody uses them for anything until you say yes.

2. What we use it for
To serve you: your purchases, questions and complaints.
To write to you about what may interest you, and to work out from your purchases when you are likely to come again. \
You can say no to either.
Who gets an offer first, later or not at all is in part drawn by lot: so we learn whether our offers are any good.

3. What you decide
Each use, and each way of reaching you: e-mail, phone, letter and SMS. On your own page a switch holds from the moment \
you move it, also for what is already planned; in every mail, one click ends our mails. Refusing costs you nothing.
You can take a copy of everything, tell us what is wrong, and ask us to delete you.

4. Who sees it
Each of our staff sees what her work needs and nothing else. Opening a phone number or an address takes a reason, and \
your own page tells you who opened your record, when and why.
Nobody outside gets anything about you unless you say yes to it.

5. How we protect it
No person can open the tables themselves: the database hands out views, and whoever said no is not in them. Every \
opening of your record is written into a book that nobody can alter. Our figures are worked out without names.

6. How we keep to it
Our privacy officer, Xu Zhixing, watches over this, and every night the house checks itself against what it declared. \
When this statement changes it becomes a new version with its date, and your choices remember the one they were made \
under. If you think we broke it, tell us; you may also turn to the authority."""

CHINESE: Final = """\
禾溪超市怎样对待您的信息。
这是一份演示。购物记录是真的，公开时已去掉姓名；姓名、地址、家庭情况和各项选择都是虚构的。没有一封信会离开这台机器。

1. 我们保存什么
您的姓名和联系方式；您买了什么，什么时候，在哪家店；我们所知道的家庭情况；我们寄过什么，您怎样回应；还有您作出的决定。\
您的档案注明了来源。
过敏情况属于敏感信息。日常工作中看不到，您没有说可以之前，谁也不会用它。

2. 我们拿来做什么
为您服务：购物、询问和投诉。
把您可能感兴趣的消息写给您；从购物记录推算您大概什么时候再来。这两样您都可以说不。
优惠先给谁、后给谁、不给谁，有一部分由抽签决定：这样我们才知道优惠究竟有没有用。

3. 您决定什么
每一种用途，每一种联系方式：电子邮件、电话、信件和短信。在您自己的页面上，开关一拨就生效，已经排好的也算在内；\
每封邮件里点一下，就不再来信。拒绝不会让您失去别的什么。
您可以取走一份全部资料，指出哪里不对，也可以要求删除。

4. 谁看得到
每位员工只看得到工作所需的那一部分。打开电话或地址要说明事由；谁在什么时候、为了什么打开过您的档案，您自己的页面上都有。
没有您的同意，外人得不到关于您的任何信息。

5. 我们怎样保护它
数据表本身谁也打不开：数据库只交出视图，说了不的人不在其中。每次打开您的档案都记在一本谁也改不了的簿子上。统计数字是在没有姓名的数据上算出来的。

6. 我们怎样守住它
首席隐私官许知行负责监督；每天夜里，系统都会对照声明检查自己。本声明一有改动，就是注明日期的新版本，您的每项选择都记得当时依据的是哪一版。\
如果您认为我们没有做到，请告诉我们，也可以向主管部门反映。"""

BODIES: Final[Mapping[str, str]] = {"en": ENGLISH, "zh-hans": CHINESE}


def publish_once() -> None:
    """Version 1 is in force since the first day of the year; whatever has been published already stays."""
    if statement_version() is None:
        at = datetime.combine(IN_FORCE_FROM, time(0), tzinfo=ZoneInfo(COMPANY.timezone))
        publish(BODIES, by=OFFICER, at=at, by_hand=True)
