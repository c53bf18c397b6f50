"""Many visits written or withdrawn at once: the rows, promises and acts of one by one, in a fixed number of statements."""

from collections.abc import Sequence
from uuid import UUID

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record_many
from linyun.hub.records.models import Residence
from linyun.kernel import clock
from linyun.work.visits import promises
from linyun.work.visits.events import VisitWithdrawn, VisitWritten
from linyun.work.visits.models import Visit
from linyun.work.visits.services import Sheet, check, drafted


def write_all(sheets: Sequence[Sheet]) -> list[Visit]:
    """Write visits to people, none of them written before, without items and photos; answered in the order given.

    Those of earlier days are written down first, so that promises are kept by what followed them. Raises Unwritable.
    """
    who = current()
    for sheet in sheets:
        check(sheet)
    people = {s.person.pk: s.person for s in sheets if s.person}
    for area in {p.area for p in people.values()}:
        require(who, "visit.write", area)
    homes = _homes(list(people))
    visits = [drafted(s, who, homes.get(s.person.pk) if s.person else None) for s in sheets]
    Visit.objects.bulk_create(sorted(visits, key=lambda v: v.visited_on))
    promises.kept_by([v.pk for v in visits], list(people))
    record_many((VisitWritten(v.pk, v.person_id, ()), v.area, ("visit", v.pk)) for v in visits)
    return visits


def _homes(people: Sequence[UUID]) -> dict[UUID, UUID]:
    """Where each lives, or else is registered: one query."""
    rows = Residence.objects.filter(person__in=people, valid_to=None).order_by("person_id", "kind", "id")
    return dict(rows.distinct("person_id").values_list("person_id", "dwelling_id"))


def withdraw_all(visits: Sequence[Visit], reason: str) -> None:
    """Withdraw visits that stated nothing. They can be written again."""
    for area in {v.area for v in visits}:
        require(current(), "visit.write", area)
    ids = [v.pk for v in visits]
    Visit.objects.filter(pk__in=ids).update(withdrawn_at=clock.now(), withdraw_reason=reason, repeat_key=None)
    promises.open_again(ids, list({v.person_id for v in visits if v.person_id}))
    record_many(((VisitWithdrawn(v.pk), v.area, ("visit", v.pk)) for v in visits), reason=reason)
