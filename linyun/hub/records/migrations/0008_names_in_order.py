from typing import Any

from django.db import migrations, models

from linyun.kernel.values.pinyin import pinyin_key


def respell(_apps: Any, schema_editor: Any) -> None:
    """Keys of names as they are spelled now: by syllables first, so that a register stands in the order of surnames."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select set_config('linyun.lo', '', true), set_config('linyun.hi', '~', true)")
        cursor.execute("select distinct name from records_person")
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            "update records_person p set pinyin = n.key from unnest(%s::text[], %s::text[]) n(name, key)"
            " where p.name = n.name and p.pinyin is distinct from n.key",
            [names, [pinyin_key(name).text for name in names]],
        )


class Migration(migrations.Migration):
    dependencies = [("records", "0007_register_in_order")]
    operations = [
        migrations.RunPython(respell, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="person",
            name="pinyin",
            field=models.TextField(
                blank=True,
                db_collation="C",
                help_text="syllables, full spelling and initials, for sorting and search",
            ),
        ),
    ]
