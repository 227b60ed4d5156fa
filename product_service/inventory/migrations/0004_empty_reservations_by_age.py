"""An index of the reservations that hold nothing, by which the oldest are found and deleted."""

from django.db import migrations, models

from service_kit.database.operations import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0003_database_clock")]

    operations = [
        AddIndexBeside(
            model_name="reservation",
            index=models.Index(fields=["updated_at"], condition=models.Q(quantity=0), name="reservation_empty_by_age"),
        ),
    ]
