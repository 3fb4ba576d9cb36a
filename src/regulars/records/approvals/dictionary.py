"""What is kept about acts that take two people."""

from regulars.rules.privacy.dictionary import Table, identifying, personal, plain, pseudonym
from regulars.rules.privacy.exposure import OFFICE

TABLES = (
    Table("four_eyes", "Acts that take two people", (
        plain("act", "Act", "事项"), plain("asked", "Takes two", "需双人"), identifying("changed_by", "user.name", "Changed by", "修改人"),
        plain("changed_at", "Changed", "修改时间"),
    ), views=OFFICE),
    Table("proposal", "What was proposed, and who answered", (
        plain("id", "Number", "编号"), plain("act", "Act", "事项"), pseudonym("subject", "About", "对象"), personal("told", "user.content", "Particulars", "细节"),
        personal("because", "user.content", "Reason", "理由"), plain("proposer", "Key of the proposer", "提出者标识"),
        identifying("proposed_by", "user.name", "Proposed by", "提出人"), plain("proposed_at", "Proposed", "提出时间"), plain("state", "State", "状态"),
        identifying("answered_by", "user.name", "Answered by", "处理人"), plain("answered_at", "Answered", "处理时间"),
        personal("answer", "user.content", "Answer", "处理说明"),
    ), views=OFFICE),
)  # fmt: skip
