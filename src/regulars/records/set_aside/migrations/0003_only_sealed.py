"""The open columns of rows set aside go. What an import of the version before set aside since is sealed first, with the
table held still."""

from typing import Any

from django.db import migrations

NAMES = ("value", "example", "raw")
HOLD = "LOCK TABLE vault.refused_row IN ACCESS EXCLUSIVE MODE"
SWITCH = "".join(
    f"""ALTER TABLE vault.refused_row DROP COLUMN {name};
ALTER TABLE vault.refused_row RENAME COLUMN {name}_sealed TO {name};
"""
    for name in NAMES
)
SWITCH_BACK = "".join(
    f"""ALTER TABLE vault.refused_row RENAME COLUMN {name} TO {name}_sealed;
ALTER TABLE vault.refused_row ADD COLUMN {name} text NOT NULL DEFAULT '';
ALTER TABLE vault.refused_row ALTER COLUMN {name} DROP DEFAULT;
"""
    for name in NAMES
)


def seal_the_rest(apps: Any, schema_editor: Any) -> None:
    """Usually nothing is left: the house seals before it migrates."""
    from regulars.records.set_aside.sealing_up import let_emptied_go, seal_rows

    seal_rows()
    let_emptied_go()


def open_up_again(apps: Any, schema_editor: Any) -> None:
    """Every row lies open again."""
    from regulars.records.set_aside.sealing_up import open_rows

    open_rows()


class Migration(migrations.Migration):
    dependencies = [("set_aside", "0002_seals")]
    locks = (
        "A moment: the house has sealed everything before, beside all work; what is left is what an import of the version"
        " before set aside since, and one look through the rows set aside. Columns that go or change their names touch"
        " no row."
    )

    operations = [
        migrations.RunSQL(HOLD, migrations.RunSQL.noop),
        migrations.RunPython(seal_the_rest, migrations.RunPython.noop),
        migrations.RunPython(migrations.RunPython.noop, open_up_again),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SWITCH, SWITCH_BACK)],
            state_operations=[
                operation
                for name in NAMES
                for operation in (
                    migrations.RemoveField("refusedrow", name),
                    migrations.RenameField("refusedrow", f"{name}_sealed", name),
                )
            ],
        ),
    ]
