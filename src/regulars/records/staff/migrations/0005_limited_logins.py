from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """An analyst's login may be limited to branches and brands."""

    dependencies = [("staff", "0004_passkeys")]

    operations = [
        migrations.AddField("sqllogin", "branches", ArrayField(models.BigIntegerField(), blank=True, default=list)),
        migrations.AddField("sqllogin", "brands", ArrayField(models.TextField(), blank=True, default=list)),
    ]
