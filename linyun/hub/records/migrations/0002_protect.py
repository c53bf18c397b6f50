from django.db import migrations

from linyun.foundation.areas.rowlevel import protect

TABLES = ["person", "household", "dwelling", "organisation", "place", "statement", "residence", "membership", "kin",
          "operation", "staffitem"]


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("areas", "0002_grants")]
    operations = [protect(f"records_{table}") for table in TABLES]
