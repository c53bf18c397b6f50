from django.db import migrations

from linyun.foundation.areas.rowlevel import insert_only, protect


class Migration(migrations.Migration):
    dependencies = [("acts", "0001_initial"), ("areas", "0002_grants")]
    operations = [protect("acts_act"), insert_only("acts_act")]
