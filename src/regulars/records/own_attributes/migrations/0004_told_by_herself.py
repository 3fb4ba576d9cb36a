from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("own_attributes", "0003_who_says_what")]

    operations = [
        migrations.AddField(
            model_name="ownvaluesaid", name="because", field=models.TextField(blank=True, default="", db_default="")
        ),
    ]
