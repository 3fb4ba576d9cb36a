from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0014_as_it_came")]

    operations = [
        migrations.AddField(
            model_name="fieldsaid", name="because", field=models.TextField(blank=True, default="", db_default="")
        ),
    ]
