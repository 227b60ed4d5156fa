"""
What only PostgreSQL has: an index of trigrams for `name` contains, in any case, and space for updates of stock.

The index holds what Django compares, `UPPER(name)`, and takes new rows at once: its pending list would slow searches
down. Pages of the table are left part empty, so that a row whose stock moves stays where it is and in its indexes.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def create_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(
            "CREATE INDEX product_by_words ON products_product USING gin (UPPER(name) gin_trgm_ops) WITH (fastupdate = off)"
        )
        schema_editor.execute("ALTER TABLE products_product SET (fillfactor = 80)")


def drop_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE products_product RESET (fillfactor)")
        schema_editor.execute("DROP INDEX product_by_words")


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial")]
    operations = [migrations.RunPython(create_index, drop_index)]
