"""Events: the history of each order, and the feed of all."""

import django.db.models.deletion
from django.db import migrations, models

import orders.events
import service_kit.database.clock

KINDS = ["placed", "quantity-changed", "shipped", "delivered", "canceled", "expired"]


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_order_by_owner_change")]

    operations = [
        migrations.CreateModel(
            name="FeedState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("generation", models.BigIntegerField()),
                ("gone_transaction", models.BigIntegerField(default=-1)),
                ("gone_event", models.BigIntegerField(default=-1)),
            ],
        ),
        migrations.CreateModel(
            name="OrderEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction", models.BigIntegerField(db_default=orders.events.CurrentTransaction(), editable=False)),
                (
                    "kind",
                    models.CharField(choices=[(kind, kind.replace("-", " ").title()) for kind in KINDS], max_length=16),
                ),
                ("revision", models.IntegerField()),
                ("quantity", models.IntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("shipped", "Shipped"),
                            ("delivered", "Delivered"),
                            ("canceled", "Canceled"),
                        ],
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField(db_default=service_kit.database.clock.Now())),
                ("cause", models.CharField(max_length=6)),
                ("cause_name", models.CharField(blank=True, max_length=255)),
                ("request_id", models.CharField(blank=True, max_length=128)),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["transaction", "id"], name="orderevent_feed"),
                    models.Index(fields=["order", "id"], name="orderevent_of_order"),
                ],
            },
        ),
    ]
