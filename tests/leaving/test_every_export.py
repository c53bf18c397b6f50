"""Every declared export, asked for above two hundred rows: nothing leaves before a second person agrees."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from linyun.foundation.accounts.models import Post
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving import services
from linyun.foundation.leaving.models import Departure
from linyun.foundation.leaving.rules import State
from linyun.hub.exchange import services as imports
from linyun.hub.ledgers import services as ledgers
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.work.visits.models import Bulk, Visit
from tests.characters import HERE
from tests.leaving.conftest import MANY, WHY, acts, departures, run

EVERYBODY = "姓名 不为空"


@dataclass(frozen=True)
class Way:
    """How one export is asked for: the address, once what it lists is there, and what the form says."""

    address: Callable[[list[Person]], str]
    form: dict[str, Any]
    event: str


def _visits(people: list[Person]) -> str:
    Visit.objects.bulk_create(
        Visit(area=p.area, person=p, visited_on=clock.today(), mode="2", visitor="林晓岚") for p in people
    )
    return reverse("visit_export")


def _closing(people: list[Person]) -> str:
    return reverse("closing_export", args=[ledgers.close("residents", HERE, "2026-10").pk])


def _bulk(people: list[Person]) -> str:
    cells = {"day": "2026-11-03", "name": "阚若水", "mode": "走访", "situation": "在家"}
    row = {"sheet": "表", "number": 2, "cells": cells, "said": {}, "outcome": "refused", "reason": "没有这个人",
           "person": None, "address": ""}  # fmt: skip
    brought = Bulk.objects.create(
        area=HERE, filename="走访.csv", digest="x", rows=[row] * len(people), brought_by="别人"
    )
    return reverse("bulk_rest", args=[brought.pk])


def _refused(people: list[Person]) -> str:
    lines = [f"{p.name},31011019500101998{'?'},1" for p in people]
    batch = imports.bring_in("\n".join(["姓名,公民身份号码,备注", *lines]).encode(), "名单.csv", area=HERE)
    imports.check(batch)
    type(batch).objects.filter(pk=batch.pk).update(uploaded_by_id=None)
    return reverse("import_refused", args=[batch.pk])


WAYS = {
    "people": Way(lambda people: reverse("people_export"), {}, "people_exported"),
    "visits": Way(_visits, {}, "visits_exported"),
    "bulk": Way(_bulk, {}, "bulk_returned"),
    "crowd": Way(lambda people: reverse("crowd_export"), {"rule": EVERYBODY, "columns": ["name"]}, "crowd_exported"),
    "ledger": Way(lambda people: reverse("ledger_export", args=["residents"]), {"format": "xlsx"}, "ledger_exported"),
    "ledgers": Way(lambda people: reverse("ledgers_export"), {"format": "workbook"}, "ledger_exported"),
    "closing": Way(_closing, {"format": "xlsx"}, "ledger_exported"),
    "refused": Way(_refused, {}, "refused_rows_taken"),
}


def test_every_declared_export_is_tried_here():
    assert WAYS.keys() == catalogue.exports.keys(), "add a Way for each export that a manifest declares"


def attached(answer: HttpResponseBase) -> bool:
    return "attachment" in answer.headers.get("Content-Disposition", "")


@pytest.mark.parametrize("kind", WAYS)
def test_a_long_list_waits_for_a_second_person_and_then_leaves_once(
    kind: str, many: list[Person], mei: Post, client_of: Callable[[str], Client], at_page: Any, as_worker: Any
) -> None:
    way, lin = WAYS[kind], client_of("lin")
    with as_worker():
        address = way.address(many)
    answer = lin.post(address, {**way.form, "reason": WHY})
    assert not attached(answer), f"{kind}: {MANY} rows left without a second person"
    assert answer.headers["Location"] == reverse("departures")
    (asked,) = departures()
    assert (asked.kind, asked.state, asked.reason) == (kind, State.ASKED, WHY)
    assert asked.rows >= MANY
    assert not acts(way.event), "what has not left is not recorded as left"
    assert not attached(lin.post(reverse("departure_file", args=[asked.pk])))

    with at_page(mei):
        services.decide(asked.pk, agreed=True)
    made = run(asked.pk)
    assert made.state == State.READY, made.answer
    (act,) = acts(way.event)
    assert (act.subject_kind, act.subject_id, act.reason) == ("departure", asked.pk, WHY)
    assert act.actor_name == "林晓岚"
    taken = lin.post(reverse("departure_file", args=[asked.pk]))
    assert attached(taken)
    assert told_within(taken.content, asked), (
        f"{kind}: the file does not say who took it, what for and under which number"
    )


def told_within(content: bytes, asked: Departure) -> bool:
    """Whether a file says within of which departure it is."""
    wanted = (asked.number, asked.asked_by, asked.reason)
    if not content.startswith(b"PK"):
        return all(word in content.decode("utf-8-sig") for word in wanted)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        said = package.read("docProps/core.xml").decode()
    return all(word in said for word in wanted)


@pytest.mark.parametrize("kind", WAYS)
def test_without_a_reason_nothing_leaves_and_nothing_is_asked(
    kind: str, many: list[Person], client_of: Callable[[str], Client], as_worker: Any
) -> None:
    if kind == "refused":
        return_to_bringer(many, client_of("lin"), as_worker)
        return
    with as_worker():
        address = WAYS[kind].address(many[:3])
    answer = client_of("lin").post(address, {**WAYS[kind].form, "reason": " "})
    assert not attached(answer)
    assert departures() == []


def return_to_bringer(many: list[Person], lin: Client, as_worker: Any) -> None:
    """Rows go back to who brought them without a second person; why is plain. Still a departure with its act."""
    with as_worker():
        address = _refused(many)
        with within(HERE):
            imports.Import.objects.update(uploaded_by_id=lin.session.get("_auth_user_id"))
    answer = lin.get(address)
    assert attached(answer)
    (left,) = departures()
    assert (left.state, left.rows, left.reason) == (State.LEFT, MANY, "更正后再导入")


@pytest.mark.parametrize("key", ["wu", "chen", "zhou", "shen", "gu", "lu", "he", "yan"])
def test_nobody_else_asks_for_our_people(key: str, many: list[Person], client_of: Callable[[str], Client]) -> None:
    answer = client_of(key).post(reverse("people_export"), {"reason": WHY})
    if key == "wu":  # the stranger gets her own list, which is empty
        assert "住户" not in answer.content.decode("utf-8-sig")
    else:
        assert answer.status_code == 403
    assert all(d.area != HERE for d in departures())


def test_an_xlsx_is_marked_on_paper_and_its_cells_are_as_before(
    many: list[Person], client_of: Callable[[str], Client]
) -> None:
    asked = {"format": "xlsx", "reason": WHY, "period": "2026"}
    content = client_of("lin").post(reverse("ledger_export", args=["lone_elders"]), asked).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    (left,) = departures()
    assert left.number in sheet.oddFooter.left.text
    assert "林晓岚" in sheet.oddFooter.left.text
    cells = [str(c.value) for row in sheet.iter_rows() for c in row if c.value]
    assert not any(left.number in cell or WHY in cell for cell in cells)


def test_a_name_carries_the_number(many: list[Person], client_of: Callable[[str], Client]) -> None:
    answer = client_of("lin").post(reverse("people_export"), {"reason": WHY, "band": "0-5"})
    (left,) = departures()
    assert left.number in answer.headers["Content-Disposition"]
