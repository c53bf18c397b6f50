"""Visits for tests of rooms below the visits: written through their verb, as a worker would."""

from datetime import date
from typing import Any

from linyun.hub.records.models import Person
from linyun.work.visits.models import Visit
from linyun.work.visits.services import Sheet, write


def visit_to(person: Person, on: date, mode: str = "2", **said: Any) -> Visit:
    """``visit_to(zhou, date(2026, 10, 5), situation="一切都好", items={"phone": "19900999999"})`` inside ``as_worker()``."""
    return write(Sheet(person, mode, on, **said))


__all__ = ["Visit", "visit_to"]
