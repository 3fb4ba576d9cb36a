"""What is kept about the people who work here."""

from regulars.rules.privacy.dictionary import Table, house_table, identifying, personal, plain, secret
from regulars.rules.privacy.exposure import OWN_HOUSE

TABLES = (
    Table("staff", "People who sign in", (
        plain("id", "Number", "编号"), identifying("username", "user.account.username", "Sign-in name", "登录名"), identifying("full_name", "user.name", "Name", "姓名"),
        identifying("full_name_zh", "user.name", "Chinese name", "中文姓名"), identifying("log_name", "user.name", "Name in the logs", "日志中的姓名"), personal("roles", "user.job_title", "Roles", "角色"),
        personal("branches", "user.workplace", "Assigned branches", "所属门店"), personal("is_active", "user.workplace", "Active", "在职"),
        personal("language", "user.demographic.language", "Language", "语言"), secret("password", "Password digest", "密码摘要"), secret("last_login", "Last sign-in", "上次登录"),
    ), views=OWN_HOUSE),
    house_table("api_token", "Keys of programs; digests only", (
        plain("id", "Number", "编号"), plain("name", "Name", "名称"), secret("digest", "Digest", "摘要"), plain("role", "Role", "角色"),
        plain("view", "View", "视图"), plain("purpose", "Purpose", "用途"), identifying("issued_by", "user.name", "Issued by", "签发人"),
        plain("issued_at", "Issued", "签发时间"), plain("expires_at", "Ends", "到期时间"), plain("revoked_at", "Revoked", "收回时间"))),
    house_table("api_answer", "What programs were answered, for a day, so that asking twice is asking once", (
        plain("id", "Number", "编号"), plain("token_id", "Token", "令牌"), plain("key", "Key of the request", "请求键"),
        secret("request_digest", "Digest of the request", "请求摘要"), plain("status", "Status", "状态"),
        secret("body", "Answer", "答复"), plain("at", "Moment", "时间"))),
    house_table("sql_login", "Analysts' own database logins", (
        plain("id", "Number", "编号"), identifying("role_name", "user.account.username", "Login", "登录名"), plain("view", "View", "视图"),
        plain("branches", "Only these branches", "仅限门店"), plain("brands", "Only these brands", "仅限品牌"),
        identifying("issued_by", "user.name", "Issued by", "签发人"), plain("issued_at", "Issued", "签发时间"),
        plain("revoked_at", "Revoked", "收回时间"))),
    house_table("sign_in_try", "Wrong tries at the door, by digest of name or address", (
        secret("who", "Digest of name or address", "名称或地址摘要"), plain("failures", "Wrong tries", "失败次数"), plain("at", "Last try", "最近一次"),
        plain("closed_until", "Closed until", "暂停至"))),
    house_table("staff_session", "Where people are signed in", (
        plain("id", "Number", "编号"), plain("staff_id", "Staff", "员工"), secret("session_key", "Key", "键"), plain("at", "Signed in", "登录时间"),
        identifying("address", "user.device.ip_address", "Address", "地址"), personal("program", "user.device", "Browser", "浏览器"), plain("factor", "Proved by", "验证方式"))),
    house_table("company_account", "Accounts at the company's own provider", (
        plain("id", "Number", "编号"), plain("staff_id", "Staff", "员工"), plain("issuer", "Provider", "身份提供方"),
        secret("subject", "Who it is there", "在该处的标识"), plain("at", "First day", "首次登录"))),
    house_table("staff_totp", "Authenticator apps; secrets sealed", (
        plain("staff_id", "Staff", "员工"), secret("sealed", "Sealed secret", "加密密钥"), plain("made_at", "Made", "生成时间"),
        plain("confirmed_at", "Confirmed", "确认时间"), secret("last_step", "Last code used", "上次使用的验证码"))),
    house_table("staff_passkey", "Passkeys; public halves only", (
        plain("id", "Number", "编号"), plain("staff_id", "Staff", "员工"), secret("credential", "Credential", "凭据"), secret("public_key", "Public key", "公钥"),
        secret("uses", "Counter of the device", "设备计数"), personal("label", "user.device", "Name of the device", "设备名称"), plain("made_at", "Made", "生成时间"),
        plain("used_at", "Used", "使用时间"))),
    house_table("recovery_code", "Recovery codes; digests only", (
        plain("id", "Number", "编号"), plain("staff_id", "Staff", "员工"), secret("digest", "Digest", "摘要"), plain("used_at", "Used", "使用时间"))),
    house_table("need_to_know", "Roles that open files for a given reason only", (
        plain("id", "Number", "编号"), plain("role", "Role", "角色"), plain("branch_id", "Branch", "门店"), plain("since", "Since", "起始时间"),
        identifying("asked_by", "user.name", "Asked by", "设定人"))),
    house_table("staff_invitation", "Links by which people set their own password; digests only", (
        plain("id", "Number", "编号"), plain("staff_id", "Staff", "员工"), secret("digest", "Digest", "摘要"),
        identifying("made_by", "user.name", "Made by", "发出人"), plain("made_at", "Made", "发出时间"), plain("ends_at", "Ends", "到期时间"),
        plain("used_at", "Used", "使用时间"))),
    house_table("terminal_rule", "Whether the terminal asks who sits there", (
        plain("id", "Number", "编号"), plain("named", "Asks for a name", "须具名"), plain("since", "Since", "起始时间"),
        identifying("asked_by", "user.name", "Asked by", "设定人"))),
    house_table("second_factor_role", "Roles that a second factor is asked of", (
        plain("role", "Role", "角色"), plain("since", "Since", "起始时间"), identifying("asked_by", "user.name", "Asked by", "设定人"))),
)  # fmt: skip
