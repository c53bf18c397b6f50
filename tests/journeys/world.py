"""A small demonstration for the journeys: two neighbouring committees with the known characters and their logins."""

import django
from django.core.management import call_command
from django.db import transaction

SEED, PEOPLE = 20261123, 1500
HERE, THERE = "310110009016", "310110009017"


def main() -> None:
    """Load it into the database that DATABASE_URL names."""
    django.setup()
    # Everything below needs Django to be set up.
    from linyun.foundation.acts.actor import Actor, acting
    from linyun.foundation.areas.models import Area
    from linyun.foundation.areas.scope import within
    from linyun.kernel import clock
    from linyun.kernel.declare import Role
    from linyun.kernel.synth import estates
    from linyun.kernel.synth.characters import characters
    from linyun.kernel.synth.world import generate
    from linyun.site.demo import people
    from linyun.site.demo.load import load

    call_command("areas", "load", if_missing=True, verbosity=0)
    with acting(Actor(name="演示", role=Role.OPERATOR, area="", channel="command")), within(""), transaction.atomic():
        committees = [
            estates.Area(a.code, a.name) for a in Area.objects.filter(code__in=[HERE, THERE]).order_by("code")
        ]
        load(characters(generate(committees, PEOPLE, SEED, clock.today())))
        people.open_all()


if __name__ == "__main__":
    main()
