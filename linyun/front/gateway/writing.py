"""A visit that a program sends: its items read as a cell of a list would be, then written by the verb of visits."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.front.gateway.schemas import Value, VisitIn
from linyun.front.gateway.unfit import Unfit
from linyun.hub.records.items import known
from linyun.hub.records.models import Dwelling, Person
from linyun.hub.records.services import Unstatable, see
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Subject
from linyun.kernel.ids import uuid7
from linyun.kernel.values import reading
from linyun.kernel.words import say
from linyun.work.visits import services
from linyun.work.visits.models import Visit
from linyun.work.visits.services import Sheet, Unwritable


def _about(visit: VisitIn) -> tuple[Person | None, Dwelling | None]:
    """Whom or what was visited. Raises Unfit unless it is exactly one, DoesNotExist when it is not there or elsewhere."""
    if (visit.person is None) == (visit.dwelling is None):
        raise Unfit(person=say("请填写被访的居民（person）或房屋（dwelling），只填一项"))
    if visit.person is not None:
        return see(visit.person), None
    return None, Dwelling.objects.get(pk=str(visit.dwelling))


def _value(item: Item | None, cell: Value) -> tuple[Any, str]:
    """The value of one item and, instead of it, why there is none."""
    if item is None:
        return None, say("没有这一项，可用的见 /api/v1/items")
    if item.derived:
        return None, say("这一项由其他项自动得出，不能填写")
    if item.kind is Kind.IDENTITY:
        return None, say("证件号码请在居民的页面上更正")
    plain = "、".join(cell) if isinstance(cell, list) else cell
    about = reading.Circumstances(today=clock.today())
    parsed = reading.parse(item, plain, catalogue.code_sets.get(item.code_set), about)
    if parsed.blank:
        return None, say("请填写值；没有核对的项不要送")
    return parsed.value, parsed.problem or ""


def _items(sent: Mapping[str, Value], person: Person | None) -> dict[str, Any]:
    """What was confirmed or corrected, in normal form. Raises Unfit with a sentence for each item that is wrong."""
    if not sent:
        return {}
    if person is None:
        raise Unfit(items=say("只有走访居民时才能填写数据项"))
    require(current(), "person.correct", person.area)
    items = known(Subject.PERSON)
    read = {code: _value(items.get(code), cell) for code, cell in sent.items()}
    if wrong := {f"items.{code}": problem for code, (_value_read, problem) in read.items() if problem}:
        raise Unfit(**wrong)
    return {code: value for code, (value, _problem) in read.items()}


def _check_topic(topic: str) -> None:
    if topic and topic not in {c.code for c in catalogue.code_sets["visit_topic"].codes}:
        raise Unfit(topic=say("请从代码集 visit_topic 中选择，或留空"))


def write(sent: VisitIn) -> tuple[bool, Visit]:
    """Write a visit down; (True, visit) when it is new, (False, visit) when the same id had been sent before.

    Raises Unfit, Refused, and DoesNotExist for who or what is not there or elsewhere.
    """
    person, dwelling = _about(sent)
    _check_topic(sent.topic)
    call = uuid7()
    sheet = Sheet(
        person, sent.mode, sent.visited_on, sent.situation, sent.needs, sent.action, sent.outcome, sent.topic,
        sent.follow_up_on, dwelling, _items(sent.items, person), id=sent.id, origin_kind="api", origin_id=call,
    )  # fmt: skip
    try:
        with transaction.atomic():
            visit = services.write(sheet)
    except Unwritable as wrong:
        raise Unfit(**{wrong.field: str(wrong)}) from wrong
    except Unstatable as wrong:
        raise Unfit(items=str(wrong)) from wrong
    # Of two calls at once only one finds its own mark on the visit.
    return (True, visit) if visit.origin_id == call else (False, _before(visit, sent, person))


def _before(visit: Visit, sent: VisitIn, person: Person | None) -> Visit:
    """The visit that an id already stands for, if it is about the same and whoever acts may read it. Raises Unfit."""
    about = {sent.person, person.pk if person else None}
    same = visit.person_id in about if person else visit.person_id is None and visit.dwelling_id == sent.dwelling
    found = services.visible().filter(pk=visit.pk).first() if same else None
    if found is None:
        raise Unfit(id=services.FOREIGN_ID)
    return found
