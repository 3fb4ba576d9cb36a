"""The code system, with a beginning that a company will make its own."""

from typing import Any

from django.db import migrations, models

#: kind, key, beneath, English, 中文
BEGINNING = (
    ("complaint", "product", "", "the goods", "商品"),
    ("complaint", "product-fault", "product", "faulty or damaged", "有瑕疵或损坏"),
    ("complaint", "product-other", "product", "not what was ordered", "与所订不符"),
    ("complaint", "delivery", "", "delivery", "送货"),
    ("complaint", "delivery-late", "delivery", "too late", "送晚了"),
    ("complaint", "delivery-missing", "delivery", "did not arrive", "没有送到"),
    ("complaint", "repair", "", "repair", "修理"),
    ("complaint", "service", "", "how they were served", "服务"),
    ("complaint", "service-waiting", "service", "waited too long", "等太久"),
    ("complaint", "service-tone", "service", "the tone", "态度"),
    ("complaint", "billing", "", "the bill", "账单"),
    ("complaint", "privacy", "", "privacy", "隐私"),
    ("complaint", "other", "", "something else", "其他"),
    ("preference", "size", "", "size", "尺寸"),
    ("preference", "colour", "", "colour", "颜色"),
    ("preference", "material", "", "material", "材质"),
    ("preference", "material-no-wool", "material", "no wool", "不要羊毛"),
    ("preference", "taste", "", "taste", "口味"),
    ("preference", "place", "", "where she likes to sit or stay", "喜欢的位置"),
    ("preference", "service", "", "how she likes to be served", "服务方式"),
    ("preference", "service-same-person", "service", "always by the same person", "由同一人接待"),
    ("preference", "service-quiet", "service", "left in peace", "不打扰"),
    ("preference", "delivery", "", "delivery", "送货"),
    ("preference", "delivery-evening", "delivery", "in the evening", "晚上送"),
    ("preference", "delivery-neighbour", "delivery", "leave it with a neighbour", "放在邻居处"),
    ("preference", "other", "", "something else", "其他"),
    ("call", "enquiry", "", "a question", "咨询"),
    ("call", "order", "", "about an order", "订单"),
    ("call", "complaint", "", "a complaint", "投诉"),
    ("call", "booking", "", "a booking", "预订"),
    ("call", "thanks", "", "thanks", "致谢"),
    ("call", "wrong-number", "", "wrong number", "打错了"),
    ("call", "other", "", "something else", "其他"),
)


def begin(apps: Any, schema_editor: Any) -> None:
    """The first codes are there."""
    code = apps.get_model("codes", "Code")
    code.objects.using(schema_editor.connection.alias).bulk_create(
        [
            code(kind=kind, key=key, parent_key=parent, label=label, label_zh=label_zh, place=place)
            for place, (kind, key, parent, label, label_zh) in enumerate(BEGINNING)
        ]
    )


class Migration(migrations.Migration):
    initial = True
    locks = "the table is new, and holds some thirty rows"
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=32)),
                ("parent_key", models.CharField(blank=True, default="", max_length=32)),
                ("label", models.TextField()),
                ("label_zh", models.TextField()),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
                ("merged_into", models.CharField(blank=True, default="", max_length=32)),
                ("place", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "code",
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="code_once")],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
