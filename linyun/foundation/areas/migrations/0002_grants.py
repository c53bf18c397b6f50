"""What the application's role may do by default; tables with personal data get row-level security in their own apps."""

from django.db import migrations

GRANTS = """
grant usage on schema public to linyun_app;
grant select, insert, update, delete on all tables in schema public to linyun_app;
grant usage, select on all sequences in schema public to linyun_app;
alter default privileges in schema public grant select, insert, update, delete on tables to linyun_app;
alter default privileges in schema public grant usage, select on sequences to linyun_app;
"""


class Migration(migrations.Migration):
    dependencies = [("areas", "0001_initial")]
    operations = [migrations.RunSQL(GRANTS, migrations.RunSQL.noop)]
