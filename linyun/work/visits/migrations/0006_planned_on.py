from django.db import migrations, models

import linyun.kernel.clock


class Migration(migrations.Migration):
    dependencies = [("visits", "0005_last_visit_in_one_index")]

    operations = [
        migrations.AddField(
            model_name="plannedvisit",
            name="planned_on",
            field=models.DateField(default=linyun.kernel.clock.today),
        ),
    ]
