"""A sample for every place in an address. Who writes a page with a new place (``<uuid:meeting_id>``) adds a line here.

A sample is a function of a home (see world.Spot) that makes or finds what the place names there. ``AT_COMMITTEE`` names
those that belong to the whole committee of the home, not to its building.
"""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.areas.models import Area
from linyun.foundation.leaving.models import Departure
from linyun.hub.exchange import services as imports
from linyun.hub.exchange.models import Import
from linyun.hub.ledgers import services as ledgers
from linyun.hub.ledgers.models import LedgerClosing, LedgerEntry, LedgerForm
from linyun.hub.records import operations
from linyun.hub.records.models import Operation
from linyun.hub.scan import services as crowds
from linyun.hub.scan.find import Asked
from linyun.hub.tags.services import set_tag
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.ids import uuid7
from linyun.work.office.models import Note
from linyun.work.visits import bulk
from linyun.work.visits import services as visits
from linyun.work.visits.models import Bulk, PlannedVisit, Visit
from linyun.work.visits.pictures import Picture
from tests.matrix.world import Spot


def imported(spot: Spot) -> Import:
    """A roster with the canary, and again with a wrong number: a refused row holds a resident too."""
    c = spot.canary
    lines = ["姓名,公民身份号码,联系电话,现住址,备注", f"{c.name},{c.number},{c.phone},{c.address},{c.remark}",
             f"{c.name},{c.number[:-1]}?,{c.phone},{c.address},{c.remark}"]  # fmt: skip
    batch = imports.bring_in("\n".join(lines).encode(), f"{c.name}名单.csv", area=spot.committee)
    imports.check(batch)
    return batch


TOLD = ("在家，一切都好", "记在本子上的话")
"""What the clerk wrote into what is nobody else's."""


def visited(spot: Spot) -> Visit:
    """A visit to the canary, with a photo."""
    person = spot.home.people[0]
    picture = Picture(b"\xff\xd8\xff\xd9" + spot.area.encode(), "image/jpeg")
    told = f"{spot.canary.name}{TOLD[0]}"
    return visits.write(visits.Sheet(person, "2", date(2026, 11, 2), situation=told, photos=(picture,)))


def listed(spot: Spot) -> Bulk:
    """Visits to the canary brought in as a list, not written yet."""
    c = spot.canary
    lines = ["日期,姓名,地址,方式,情况", f"2026-11-03,{c.name},{c.address},走访,{c.remark}"]
    return bulk.bring("\n".join(lines).encode(), f"{c.name}走访.csv")


def marked(spot: Spot) -> str:
    """A tag set by hand on the canary."""
    by_hand = next(t for t in catalogue.tags.values() if t.subject is Subject.PERSON and not t.rule)
    return set_tag(spot.home.people[0], by_hand.code, f"{spot.canary.name}的依据").tag


def moved(spot: Spot) -> Operation:
    """The canary is no longer registered where it lives."""
    return operations.move_out(spot.home.people[0], "registered", date(2026, 11, 4), "户口迁出")


def planned(spot: Spot) -> PlannedVisit:
    """The canary on the list of those to visit."""
    person = spot.home.people[0]
    return PlannedVisit.objects.create(
        area=person.area, person=person, due_on=date(2026, 12, 1), why=f"看望{person.name}", planned_by="在岗的人"
    )


def noted(spot: Spot) -> Note:
    """A line about the canary in somebody's own notebook."""
    return Note.objects.create(area=spot.area, account_id=uuid7(), text=f"{spot.canary.name}：{TOLD[1]}")


LEDGER = "residents"
"""A ledger that lists every resident of the committee."""


def entered(spot: Spot) -> LedgerEntry:
    """A line of a ledger kept by hand, with the canary's name in it."""
    return ledgers.add_entry("honours", {"title": f"{spot.canary.name}获奖"}, client_key=uuid7())


def closed(spot: Spot) -> LedgerClosing:
    """The ledger of residents, closed for a month; another month for each grid of a committee."""
    grid = int(spot.area[len(spot.committee) :][:3])
    return ledgers.close(LEDGER, spot.committee, f"2026-{grid:02d}")


def blank(spot: Spot) -> LedgerForm:
    """An official blank, uploaded for the ledger."""
    book = Workbook()
    book.active.append(["序号", "姓名", "联系电话", spot.canary.remark])
    file = BytesIO()
    book.save(file)
    return ledgers.upload_form(LEDGER, file.getvalue(), f"{spot.canary.name}空表.xlsx")


def employed(spot: Spot) -> Post:
    """Somebody who works at the home's area; no resident, so whoever manages accounts may read the name."""
    account = Account.objects.create_user(f"at{spot.area}-{uuid7().hex}", name="在岗的人")
    return Post.objects.create(account=account, role="grid", area_id=spot.area, valid_from=date(2026, 1, 1))


def departing(spot: Spot) -> Departure:
    """Somebody's list that waits for a second person; what it says names nobody."""
    return Departure.objects.create(
        area=spot.committee, kind="people", parameters={}, says="居民名单：全部", rows=201, reason="月度核对",
        channel="page", state="asked", asked_at=clock.now(), asked_by="在岗的人", asked_by_id=uuid7(),
    )  # fmt: skip


SAMPLES: dict[str, Callable[[Spot], Any]] = {
    "area": lambda spot: Area.objects.get(code=spot.area).code,
    "person_id": lambda spot: spot.home.people[0].pk,
    "household_id": lambda spot: spot.home.household.pk,
    "dwelling_id": lambda spot: spot.home.dwelling.pk,
    "item": lambda spot: "phone",
    "tag": marked,
    "kind": lambda spot: "move_out",
    "operation_id": lambda spot: moved(spot).pk,
    "ledger": lambda spot: LEDGER,
    "ref": lambda spot: spot.home.people[0].pk,
    "column": lambda spot: 1,
    "entry_id": lambda spot: entered(spot).pk,
    "closing_id": lambda spot: closed(spot).pk,
    "form_id": lambda spot: blank(spot).pk,
    "note_id": lambda spot: noted(spot).pk,
    "visit_id": lambda spot: visited(spot).pk,
    "plan_id": lambda spot: planned(spot).pk,
    "photo_id": lambda spot: visited(spot).photos.get().pk,
    "bulk_id": lambda spot: listed(spot).pk,
    "import_id": lambda spot: imported(spot).pk,
    "row_id": lambda spot: imported(spot).rows.order_by("number")[0].pk,
    "account_id": lambda spot: employed(spot).account_id,
    "held_id": lambda spot: employed(spot).pk,
    "departure_id": lambda spot: departing(spot).pk,
    "crowd_id": lambda spot: crowds.save(spot.canary.name, Asked.text(f"姓名 = {spot.canary.name}")).pk,
}

AT_COMMITTEE = frozenset({"bulk_id", "import_id", "row_id", "crowd_id", "entry_id", "closing_id", "form_id",
                          "departure_id"})  # fmt: skip
NOWHERE = frozenset({"item", "kind", "tag", "ledger", "column"})
"""What is the same everywhere: it names no row of any area."""

QUESTIONS = ("q", "after", "area", "person", "rule", "sort", "outcome", "month", "next", "ledger", "start",
             "within", "subject", "limit")  # fmt: skip
"""Names of query parameters: each is asked with what should find the stranger's residents, and with nonsense."""


def missing(places: tuple[str, ...]) -> str:
    """What to add for these places, "" when there is a sample for each."""
    return ", ".join(f'add SAMPLES["{place}"] in tests/matrix/samples.py' for place in places if place not in SAMPLES)


def values(spot: Spot, places: tuple[str, ...]) -> dict[str, Any]:
    """Samples of a home, those for these places among them."""
    with spot.entering():
        for place in places:
            if place not in spot.made:
                spot.made[place] = SAMPLES[place](spot)
    return spot.made


def area_of(spot: Spot, places: tuple[str, ...]) -> str:
    """The area at which the thing that an address names is filed; "" when it names none."""
    if NOWHERE.issuperset(places):
        return ""
    return spot.committee if AT_COMMITTEE.intersection(places) else spot.area


def snooping(spot: Spot) -> list[dict[str, Any]]:
    """Questions and submissions that aim at somebody else's residents, the broadest first."""
    person = str(spot.home.people[0].pk)
    aims = {
        **dict.fromkeys(("area", "within"), spot.committee),
        **dict.fromkeys(("person", "person_id", "chosen"), person),
        "rule": "年龄 >= 0",
        "everything": "1",
        "reason": "核对信息",
        "reason_kind": "check",
        "name": "试一试",
    }
    return [aims | {"q": hint} for hint in spot.canary.hints]


NONSENSE = dict.fromkeys(QUESTIONS, "\x00'\"<(%")
"""What no parser expects; the answer may be any sentence, but never an error of ours."""
