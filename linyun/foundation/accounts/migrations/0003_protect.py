from django.db import migrations

from linyun.foundation.areas.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sessions_and_attempts"), ("areas", "0002_grants")]
    operations = [protect("accounts_post")]
