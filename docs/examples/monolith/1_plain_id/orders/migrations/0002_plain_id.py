"""The column stays; the constraint goes, and Django forgets that it was a foreign key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.AlterField(
            "order", "product", models.ForeignKey("products.Product", models.PROTECT, db_constraint=False)
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("order", "product"),
                migrations.AddField("order", "product_id", models.BigIntegerField(db_index=True)),
            ]
        ),
    ]
