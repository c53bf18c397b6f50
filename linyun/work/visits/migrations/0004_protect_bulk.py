from django.db import migrations

from linyun.foundation.areas.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_bulk")]
    operations = [protect("visits_bulk")]
