from django.db import migrations

from linyun.foundation.areas.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_initial"), ("areas", "0002_grants"), ("accounts", "0003_protect")]
    operations = [protect("gateway_apitoken")]
