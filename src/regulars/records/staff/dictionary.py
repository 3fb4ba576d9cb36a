"""What is kept about the people who work here."""

from regulars.rules.privacy.dictionary import Table, house_table, plain, secret
from regulars.rules.privacy.exposure import OWN_HOUSE

TABLES = (
    Table("staff", "People who sign in", (
        plain("id", "Number", "编号"), plain("username", "Sign-in name", "登录名"), plain("full_name", "Name", "姓名"),
        plain("full_name_zh", "Chinese name", "中文姓名"), plain("roles", "Roles", "角色"), plain("branches", "Assigned branches", "所属门店"),
        plain("is_active", "Active", "在职"),
        plain("language", "Language", "语言"), secret("password", "Password digest", "密码摘要"), secret("last_login", "Last sign-in", "上次登录"),
    ), views=OWN_HOUSE),
    house_table("api_token", "Keys of programs; digests only", (
        "id", "name", "digest", "role", "view", "purpose", "issued_by", "issued_at", "expires_at", "revoked_at")),
    house_table("sql_login", "Analysts' own database logins", ("id", "role_name", "view", "issued_by", "issued_at", "revoked_at")),
)  # fmt: skip
