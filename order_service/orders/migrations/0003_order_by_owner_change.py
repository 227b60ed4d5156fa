"""An index for lists by change of one owner."""

from django.db import migrations, models

from service_kit.database.operations import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0002_order_by_change")]

    operations = [
        AddIndexBeside(
            model_name="order",
            index=models.Index(
                fields=["owner", "updated_at", "id"], condition=models.Q(placement="live"), name="order_by_owner_change"
            ),
        ),
    ]
