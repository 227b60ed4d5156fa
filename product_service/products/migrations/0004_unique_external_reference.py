"""No two products have the same external reference: a unique index, made beside whoever reads and writes."""

from django.db import migrations, models

from service_kit.database.operations import AddUniqueBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("products", "0003_external_reference")]
    operations = [
        AddUniqueBeside(
            model_name="product",
            constraint=models.UniqueConstraint(
                fields=["external_reference"],
                condition=models.Q(external_reference__isnull=False),
                name="product_by_external_reference",
            ),
        ),
    ]
