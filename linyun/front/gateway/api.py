"""The endpoints: each parses, asks one verb, answers. Errors become JSON here; what the door refuses, before it."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Header, NinjaAPI, Query, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer

from linyun.foundation.accounts.doors import Entered
from linyun.foundation.ui.paging import LIMIT, SIZE
from linyun.front.gateway import catalogues, people, writing
from linyun.front.gateway.crowds import counted
from linyun.front.gateway.doors import Session, Token, api_door
from linyun.front.gateway.rules import sentences
from linyun.front.gateway.schemas import (
    AreaCode,
    AreaOut,
    CrowdIn,
    CrowdOut,
    Cursor,
    Detail,
    Fields,
    ItemOut,
    Line,
    MeOut,
    PeopleOut,
    PersonOut,
    Reason,
    RuleRefused,
    VisitIn,
    VisitOut,
    VisitsOut,
)
from linyun.front.gateway.services import TooOften
from linyun.front.gateway.unfit import Unfit
from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError
from linyun.kernel.words import msgid, say

Limit = Annotated[int, Query(SIZE, ge=1, le=LIMIT)]
Why = Annotated[Reason, Header("", alias="X-Reason")]


class Readable(JSONRenderer):
    """JSON in which Chinese stays Chinese."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title=msgid("邻云开放接口"),
    version="1",
    description="See docs/api.md.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    auth=[Token(), Session()],
    renderer=Readable(),
)


def _never_kept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store, private"
    return answer


def _told(request: HttpRequest, told: Any, status: int) -> HttpResponse:
    return _never_kept(api.create_response(request, told, status=status))


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """401: neither a token that opens a post nor a session."""
    answer = _told(request, {"detail": say("请先登录，或出示有效的接口令牌。")}, 401)
    answer["WWW-Authenticate"] = 'Bearer realm="linyun"'
    return answer


@api.exception_handler(TooOften)
def too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    """429: the token asked more often than it may in a minute."""
    answer = _told(request, {"detail": str(error)}, 429)
    answer["Retry-After"] = str(error.wait)
    return answer


@api.exception_handler(ValidationError)
def misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: input that does not fit its type."""
    return _told(request, sentences(error.errors), 422)


@api.exception_handler(Unfit)
def unfit(request: HttpRequest, error: Unfit) -> HttpResponse:
    """422: input that a verb cannot use."""
    return _told(request, error.fields, 422)


@api.exception_handler(RuleError)
def refused_rule(request: HttpRequest, error: RuleError) -> HttpResponse:
    """422: a rule that says nothing, or what may not be asked; with the place."""
    told = RuleRefused(start=error.start, end=error.end, message=error.message_zh, nearest=error.nearest)
    return _told(request, told.model_dump(), 422)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """400: a body that is no JSON."""
    return _told(request, {"detail": say("请求体不是可读的 JSON。")}, error.status_code)


WRONG: dict[int, Any] = {401: Detail, 403: Detail, 422: Fields, 429: Detail}
ABOUT: dict[int, Any] = {**WRONG, 404: Detail}


@api.get("/me", response={200: MeOut, **WRONG})
@api_door("desk.open")
def me(request: Entered) -> MeOut:
    """In whose name and in which post this program works, and what may be done there."""
    return catalogues.me(request.post_held)


@api.get("/people", response={200: PeopleOut, **WRONG})
@api_door("person.find")
def list_people(request: Entered, limit: Limit, q: Line = "", after: Cursor = "") -> PeopleOut:
    """People of the area. With ``q`` (name, initials, door, phone, last four of the identity number) those who fit."""
    return people.found(q, limit) if q.strip() else people.listed(after, limit)


@api.get("/people/{person_id}", response={200: PersonOut, **ABOUT})
@api_door("person.see")
def see_person(request: Entered, person_id: UUID, reason: Why) -> PersonOut:
    """One person: facts with their sources, tags, how often visited. Above the committee ``X-Reason`` is required."""
    return people.one(person_id, reason)


@api.get("/people/{person_id}/visits", response={200: VisitsOut, **ABOUT})
@api_door("visit.see")
def list_visits(request: Entered, person_id: UUID, limit: Limit, reason: Why, after: Cursor = "") -> VisitsOut:
    """Visits to one person, newest first."""
    return people.visits_of(person_id, reason, after, limit)


@api.post("/visits", response={200: VisitOut, 201: VisitOut, 400: Detail, **ABOUT})
@api_door("visit.write")
def write_visit(request: Entered, visit: VisitIn) -> Status[VisitOut]:
    """Write a visit down: 201 when it is new, 200 with the same visit when its id was sent before."""
    new, written = writing.write(visit)
    return Status(201 if new else 200, people.visit_out(written))


@api.post("/crowds/count", response={200: CrowdOut, 400: Detail, **WRONG, 422: RuleRefused | Fields})
@api_door("crowd.count")
def count_crowd(request: Entered, crowd: CrowdIn) -> CrowdOut:
    """How many fit a rule. A rule that is refused says where and why."""
    return counted(crowd.rule, crowd.subject)


@api.get("/areas", response={200: list[AreaOut], **ABOUT})
@api_door("desk.open")
def list_areas(request: Entered, within: AreaCode = "") -> list[AreaOut]:
    """The areas directly below one, by code; below the area of the post when none is named."""
    return catalogues.areas(within)


@api.get("/items", response={200: list[ItemOut], **WRONG})
@api_door("item.see")
def list_items(request: Entered, subject: Subject | None = None) -> list[ItemOut]:
    """What may be recorded: the items of the catalogue with their code sets."""
    return catalogues.items(subject)


@api.get("/openapi.json", include_in_schema=False)
@api_door("desk.open")
def contract(request: Entered) -> JsonResponse:
    """This contract as OpenAPI 3.1."""
    return JsonResponse(api.get_openapi_schema(), json_dumps_params={"ensure_ascii": False})
