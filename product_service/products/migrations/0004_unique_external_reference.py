"""No two products have the same external reference: a unique index, made beside whoever reads and writes."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.migrations.operations import AddConstraint
from django.db.migrations.state import ProjectState


class AddUniqueBeside(AddConstraint):
    """A conditional unique constraint is an index, and PostgreSQL can make one without stopping writers."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        statement = self.constraint.create_sql(model, schema_editor)
        if isinstance(statement, Statement) and schema_editor.connection.vendor == "postgresql":
            statement.template = statement.template.replace("UNIQUE INDEX", "UNIQUE INDEX CONCURRENTLY")
        schema_editor.execute(statement, params=None)


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
