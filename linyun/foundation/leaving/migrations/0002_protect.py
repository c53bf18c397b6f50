from django.db import migrations

from linyun.foundation.areas.rowlevel import protect

TABLES = ["departure", "seen", "tally"]


class Migration(migrations.Migration):
    dependencies = [("leaving", "0001_initial"), ("areas", "0002_grants")]
    operations = [protect(f"leaving_{table}") for table in TABLES]
