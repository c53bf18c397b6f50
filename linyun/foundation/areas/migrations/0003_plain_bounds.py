"""Policies made before rowlevel.POLICY named its bounds plainly are rewritten; those of later migrations are made so."""

from django.db import migrations

PLAIN = r"""
do $$
declare p record;
begin
  for p in select tablename, policyname,
                  regexp_replace(qual, '\( SELECT (current_setting\([^)]*\)) AS current_setting\)', '\1', 'g') as seen,
                  regexp_replace(with_check, '\( SELECT (current_setting\([^)]*\)) AS current_setting\)', '\1', 'g') as written
           from pg_policies where schemaname = 'public' and qual like '%SELECT current_setting%' loop
    execute format('alter policy %I on %I using (%s) with check (%s)', p.policyname, p.tablename, p.seen, p.written);
  end loop;
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("areas", "0002_grants")]
    operations = [migrations.RunSQL(PLAIN, migrations.RunSQL.noop)]
