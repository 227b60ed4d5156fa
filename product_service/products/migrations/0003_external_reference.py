"""The name that a product has elsewhere. Old code does not know of it and leaves it empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("products", "0002_search_by_name")]
    operations = [
        migrations.AddField(
            model_name="product",
            name="external_reference",
            field=models.CharField(max_length=255, null=True),
        ),
    ]
