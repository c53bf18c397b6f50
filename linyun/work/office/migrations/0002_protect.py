from django.db import migrations

from linyun.foundation.areas.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial"), ("areas", "0002_grants")]
    operations = [protect("office_note")]
