"""Reservations may be refused as `price-changed`."""

from django.db import migrations, models

from service_kit.database.operations import AddCheckNotValid


class Migration(migrations.Migration):
    accepted = {"ban-drop-constraint": "a wider one of the same name follows in the same transaction"}
    dependencies = [("inventory", "0001_initial")]
    operations = [
        migrations.RemoveConstraint(model_name="reservation", name="reservation_outcome_known"),
        AddCheckNotValid(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    outcome__in=("held", "released", "insufficient-stock", "product-not-found", "price-changed")
                ),
                name="reservation_outcome_known",
            ),
        ),
    ]
