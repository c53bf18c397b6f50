from django.db import migrations

from linyun.foundation.areas.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("areas", "0002_grants")]
    operations = [
        protect("visits_visit"),
        protect("visits_photo"),
        protect("visits_plannedvisit"),
    ]
