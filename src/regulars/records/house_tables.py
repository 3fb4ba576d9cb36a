"""Tables of the libraries the house runs on: no customer is in them, and no view shows them."""

from regulars.rules.privacy.dictionary import house_table, personal, plain, secret

TABLES = (
    house_table("django_migrations", "Which migrations have run", ("id", "app", "name", "applied")),
    house_table("django_session", "Who is signed in", (
        secret("session_key", "Key", "键"), personal("session_data", "user.authorization", "What the session holds", "会话内容"),
        plain("expire_date", "Ends", "到期时间"))),
    house_table("procrastinate_jobs", "Work to be done later; arguments are numbers of records, never persons", (
        "id", "queue_name", "task_name", "lock", "args", "status", "scheduled_at", "attempts", "queueing_lock", "priority",
        "abort_requested", "worker_id")),
    house_table("procrastinate_events", "What happened to that work", ("id", "job_id", "type", "at")),
    house_table("procrastinate_periodic_defers", "Work that comes again", ("id", "task_name", "defer_timestamp", "job_id", "periodic_id")),
    house_table("procrastinate_workers", "Workers alive", ("id", "last_heartbeat")),
)  # fmt: skip
