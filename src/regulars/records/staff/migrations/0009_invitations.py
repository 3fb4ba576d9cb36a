import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Links by which people set their own password."""

    dependencies = [("staff", "0008_terminal_rule")]

    operations = [
        migrations.CreateModel(
            "StaffInvitation",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "staff",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="staff.staff"),
                ),
            ],
            options={"db_table": "staff_invitation"},
        ),
    ]
