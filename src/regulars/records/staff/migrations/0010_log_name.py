from django.db import migrations, models

#: Of those who share a name already nobody keeps it alone: lines of before say nothing of whose they are.
NAMES = """
UPDATE staff s SET log_name = full_name
    || CASE WHEN EXISTS (SELECT FROM staff o WHERE o.full_name = s.full_name AND o.id <> s.id) THEN ' (' || username || ')' ELSE '' END;
UPDATE staff SET log_name = translate(log_name, '()', '[]') WHERE strpos(log_name, ' (terminal') > 0;
UPDATE staff s SET log_name = log_name || ' ' || id
 WHERE EXISTS (SELECT FROM staff o WHERE o.log_name = s.log_name AND o.id < s.id);
"""


class Migration(migrations.Migration):
    """Two people of one name are told apart wherever they are named."""

    dependencies = [("staff", "0009_invitations")]
    locks = "the people who work here: tens of rows, hundreds at most"

    operations = [
        migrations.AddField("staff", "log_name", models.TextField(default="")),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.AlterField("staff", "log_name", models.TextField(unique=True)),
    ]
