from django.db import migrations

from linyun.foundation.areas.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("areas", "0002_grants")]
    operations = [
        protect("exchange_import"),
        protect("exchange_importrow"),
        protect("exchange_layout"),
    ]
