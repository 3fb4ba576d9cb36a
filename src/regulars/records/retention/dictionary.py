"""What is kept about retention: rules and counts, nobody's data."""

from regulars.rules.privacy.dictionary import house_table, plain
from regulars.rules.privacy.vocabulary import plains

TABLES = (
    house_table("retention_rule", "How long things are kept, and what has gone", (
        *plains(("id", "key", "changed_by", "changed_at")), plain("goes", "Lets go", "到期清除"), plain("found", "Found", "已到期"),
        plain("found_at", "Found at", "清点时间"), plain("gone", "Gone", "已清除"), plain("gone_at", "Gone at", "清除时间"))),
)  # fmt: skip
