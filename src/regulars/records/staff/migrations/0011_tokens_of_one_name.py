from django.db import migrations

#: Of those who share a name already nobody keeps it alone: lines of before say nothing of whose they are.
NAMES = """
UPDATE api_token t SET name = name || ' (' || id || ')' WHERE revoked_at IS NULL
   AND EXISTS (SELECT FROM api_token o WHERE o.id <> t.id AND lower(o.name) = lower(t.name) AND o.revoked_at IS NULL);
"""


class Migration(migrations.Migration):
    """Two programs of one name are told apart wherever they are named."""

    dependencies = [("staff", "0010_log_name")]
    locks = "programs' tokens: tens of rows"

    operations = [migrations.RunSQL(NAMES, migrations.RunSQL.noop)]
