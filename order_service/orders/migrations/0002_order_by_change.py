"""An index for lists by change."""

from django.db import migrations, models

from service_kit.database.operations import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0001_initial")]

    operations = [
        AddIndexBeside(
            model_name="order",
            index=models.Index(
                fields=["updated_at", "id"], condition=models.Q(placement="live"), name="order_by_change"
            ),
        ),
    ]
