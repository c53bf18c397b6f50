from django.db import migrations, models

import linyun.foundation.areas.models
from linyun.foundation.areas.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_pinyin")]
    operations = [
        migrations.AlterField(
            "import",
            "state",
            models.CharField(
                choices=[
                    ("read", "待核对"),
                    ("checked", "待确认"),
                    ("applying", "正在导入"),
                    ("applied", "已导入"),
                    ("undone", "已撤销"),
                    ("failed", "未成功"),
                ],
                default="read",
                max_length=10,
            ),
        ),
        migrations.RenameField("importrow", "person_id", "record_id"),
        migrations.RemoveField("importrow", "dwelling_id"),
        migrations.RemoveIndex("importrow", "exchange_im_batch_i_c310e6_idx"),
        migrations.AddField(
            "importrow", "kind", models.CharField(default="person", help_text="a subject, or building", max_length=12)
        ),
        migrations.AddField("importrow", "hints", models.JSONField(null=True)),
        migrations.AlterField(
            "importrow",
            "batch",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=models.deletion.CASCADE,
                related_name="rows",
                to="exchange.import",
            ),
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("batch_id", models.UUIDField(primary_key=True, serialize=False)),
                ("area", linyun.foundation.areas.models.AreaCodeField(db_collation="C", max_length=36)),
                ("done", models.IntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("said", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
            ],
        ),
        protect("exchange_progress"),
    ]
