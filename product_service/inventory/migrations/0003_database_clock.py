from django.db import migrations, models

from service_kit.database.clock import Now


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_price_changed")]
    operations = [
        migrations.AlterField(
            model_name="stockadjustment",
            name="created_at",
            field=models.DateTimeField(db_default=Now(), editable=False),
        ),
    ]
