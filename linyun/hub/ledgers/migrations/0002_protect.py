from django.db import migrations

from linyun.foundation.areas.rowlevel import insert_only, protect

TABLES = ["ledgerentry", "ledgerclosing", "ownledger", "ledgerform"]


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial"), ("areas", "0002_grants")]
    operations = [*(protect(f"ledgers_{table}") for table in TABLES), insert_only("ledgers_ledgerclosing")]
