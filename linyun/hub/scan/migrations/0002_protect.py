from django.db import migrations

from linyun.foundation.areas.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("scan", "0001_initial"), ("areas", "0002_grants")]
    operations = [
        protect("scan_crowd"),
    ]
