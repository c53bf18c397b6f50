from django.db import migrations

# An item that a street adds is for its committees too: besides the rows within the scope, those of the areas around it
# can be read. Written is only what lies within the scope.
OPEN = """
drop policy if exists records_staffitem_scope on records_staffitem;
create policy records_staffitem_scope on records_staffitem
  using ((area >= current_setting('linyun.lo', true) and area < current_setting('linyun.hi', true))
         or starts_with(current_setting('linyun.lo', true), area))
  with check (area >= current_setting('linyun.lo', true) and area < current_setting('linyun.hi', true));
"""
CLOSE = """
drop policy if exists records_staffitem_scope on records_staffitem;
create policy records_staffitem_scope on records_staffitem
  using (area >= current_setting('linyun.lo', true) and area < current_setting('linyun.hi', true))
  with check (area >= current_setting('linyun.lo', true) and area < current_setting('linyun.hi', true));
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0003_subjects")]
    operations = [migrations.RunSQL(OPEN, CLOSE, elidable=False)]
