import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts at the company's own provider."""

    dependencies = [("staff", "0005_limited_logins")]

    operations = [
        migrations.CreateModel(
            "CompanyAccount",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("issuer", models.TextField()),
                ("subject", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "staff",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="staff.staff"),
                ),
            ],
            options={
                "db_table": "company_account",
                "constraints": [models.UniqueConstraint(fields=["issuer", "subject"], name="company_account_once")],
            },
        ),
    ]
