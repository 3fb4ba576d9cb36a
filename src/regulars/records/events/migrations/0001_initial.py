"""Events, partitioned by month; months are opened by a function of the vault's owner, as those of order lines are."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

MAKE = """
CREATE TABLE event (
    id bigint NOT NULL,
    message_key uuid NOT NULL,
    source_id bigint NOT NULL,
    kind varchar(16) NOT NULL,
    name text NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    visitor uuid,
    customer_id bigint,
    properties jsonb NOT NULL,
    free bytea,
    PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX event_customer ON event (customer_id, occurred_at DESC) WHERE customer_id IS NOT NULL;
CREATE INDEX event_visitor ON event (visitor) WHERE customer_id IS NULL;

CREATE FUNCTION open_event_month(month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    name text := 'event_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass('vault.' || name) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('open_event_month'));
    IF to_regclass('vault.' || name) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)', name,
                   to_char(first, 'YYYY-MM-DD') || ' 00:00:00+00',
                   to_char(first + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
END $$;
"""
UNMAKE = "DROP FUNCTION open_event_month(date); DROP TABLE event;"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0008_rules_counted_together"),
        ("intake", "0004_rows_set_aside_live_elsewhere"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerEvents",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("events", models.BigIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "db_table": "customer_events",
            },
        ),
        migrations.CreateModel(
            name="EventReader",
            fields=[
                ("name", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
            ],
            options={
                "db_table": "event_reader",
            },
        ),
        migrations.CreateModel(
            name="EventSeen",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
            ],
            options={
                "db_table": "event_seen",
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MAKE, UNMAKE)],
            state_operations=[
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "id", "occurred_at", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("id", models.BigIntegerField()),
                        ("message_key", models.UUIDField()),
                        ("kind", models.CharField(max_length=16)),
                        ("name", models.TextField()),
                        ("occurred_at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        ("visitor", models.UUIDField(null=True)),
                        ("properties", models.JSONField(default=dict)),
                        ("free", models.BinaryField(null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="intake.source",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "event",
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="EventBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kept", models.IntegerField()),
                ("repeated", models.IntegerField()),
                ("told", models.IntegerField()),
                ("denied", models.IntegerField()),
                ("refused", models.IntegerField()),
                ("size", models.IntegerField()),
                ("first_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.source",
                    ),
                ),
            ],
            options={
                "db_table": "event_batch",
            },
        ),
        migrations.CreateModel(
            name="EventNews",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "reader", "batch", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reader", models.CharField(max_length=24)),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="events.eventbatch",
                    ),
                ),
            ],
            options={
                "db_table": "event_news",
            },
        ),
        migrations.CreateModel(
            name="VisitorLink",
            fields=[
                ("visitor", models.UUIDField(primary_key=True, serialize=False)),
                ("shared", models.BooleanField(default=False)),
                ("linked_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "db_table": "visitor_link",
            },
        ),
        migrations.CreateModel(
            name="WriteKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("hint", models.CharField(max_length=12)),
                ("events_a_second", models.IntegerField()),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.source"
                    ),
                ),
            ],
            options={
                "db_table": "write_key",
            },
        ),
        migrations.AddField(
            model_name="eventbatch",
            name="write_key",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="events.writekey",
            ),
        ),
        migrations.CreateModel(
            name="ToldTraits",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("ref", models.TextField()),
                ("visitor", models.UUIDField()),
                (
                    "devices",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("previous", models.TextField(blank=True, default="")),
                ("traits", models.BinaryField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="intake.source",
                    ),
                ),
            ],
            options={
                "db_table": "told_traits",
                "indexes": [models.Index(fields=["visitor"], name="told_traits_visitor")],
            },
        ),
        migrations.AddIndex(
            model_name="eventbatch",
            index=models.Index(fields=["source", "-at"], name="event_batch_source"),
        ),
    ]
