from django.db import migrations, models

from service_kit.database.clock import Now


class Migration(migrations.Migration):
    dependencies = [("products", "0004_unique_external_reference")]
    operations = [
        migrations.AlterField(
            model_name="product", name="created_at", field=models.DateTimeField(db_default=Now(), editable=False)
        ),
        migrations.AlterField(
            model_name="product", name="updated_at", field=models.DateTimeField(db_default=Now(), editable=False)
        ),
    ]
