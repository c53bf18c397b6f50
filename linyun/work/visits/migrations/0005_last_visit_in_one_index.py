from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_look_up_by_id"),
        ("visits", "0004_protect_bulk"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="visit",
            name="visits_visi_person__f7eec6_idx",
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["person", "-visited_on", "area"], name="visits_visi_person__9b6fc8_idx"),
        ),
    ]
