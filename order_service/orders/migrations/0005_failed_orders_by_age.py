"""An index of the orders that were not placed, by which the oldest are found and deleted."""

from django.db import migrations, models

from service_kit.database.operations import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0004_order_events")]

    operations = [
        AddIndexBeside(
            model_name="order",
            index=models.Index(
                fields=["updated_at"], condition=models.Q(placement="failed"), name="order_failed_by_age"
            ),
        ),
    ]
