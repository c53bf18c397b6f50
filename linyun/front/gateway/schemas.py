"""What goes in and out, typed: this is the contract that /api/v1/openapi.json tells. Dates are ISO 8601, ids are UUIDs."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from linyun.front.gateway.rules import has_controls
from linyun.kernel.declare import Role, Subject
from linyun.kernel.words import say

TEXT, LINE, RULE = 2000, 200, 4000
"""Characters of what is written at a visit, of a short entry, of a rule."""


def _plain(text: str) -> str:
    if has_controls(text):
        raise ValueError(say("文字里有控制字符，请去掉后再送"))
    return text


def _day(value: Any) -> Any:
    """A day written out. Numbers would be read as seconds since 1970, which nobody means."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value if len(value) == len("2026-11-23") else "")
    except (TypeError, ValueError):
        raise ValueError(say("日期请写成 2026-11-23 的样子")) from None


def _unquoted(text: Any) -> Any:
    return unquote(text) if isinstance(text, str) else text


Line = Annotated[str, StringConstraints(max_length=LINE), AfterValidator(_plain)]
Text = Annotated[str, StringConstraints(max_length=TEXT), AfterValidator(_plain)]
Cursor = Text
"""Where a list goes on: sealed, so longer than what it holds."""
RuleText = Annotated[str, StringConstraints(min_length=1, max_length=RULE), AfterValidator(_plain)]
Day = Annotated[date, BeforeValidator(_day)]
Reason = Annotated[Line, BeforeValidator(_unquoted)]
"""Headers hold ASCII only: a Chinese reason comes percent-encoded, as in addresses."""
AreaCode = Annotated[str, StringConstraints(max_length=36, pattern=r"^[0-9]*$")]
Value = bool | int | float | Text | Annotated[list[Line], Field(max_length=100)]


class In(Schema):
    """What comes in holds nothing beyond what is asked for."""

    model_config = ConfigDict(extra="forbid")


class PersonLine(Schema):
    """A person as a list shows them; numbers masked. Sex, birth year and identity number only for who reads the file."""

    id: UUID
    name: str
    sex: str | None = Field(None, description="GB/T 2261.1")
    birth_year: int | None = None
    phone: str | None = Field(None, description="masked")
    identity_number: str | None = Field(None, description="masked")
    address: str | None = None


class PeopleOut(Schema):
    """People, and the cursor of those that follow; null at the end, and always for a search."""

    people: list[PersonLine]
    next: str | None


class FactOut(Schema):
    """What is held on one item: in words, with the source that holds. ``value`` is null where the words are masked."""

    item: str
    name: str
    group: str
    value: Any = Field(description="as stated: text, number, boolean, ISO date, one code or several; null where masked")
    words: str
    source: str
    source_name: str
    true_on: date
    stale: bool = Field(description="older than the item stays fresh: please confirm")
    disputed: bool = Field(description="another source says otherwise and nobody settled it")


class TagOut(Schema):
    """A tag that a person bears; sensitive ones are never among them."""

    tag: str
    name: str
    by_rule: bool
    until: date | None


class PersonOut(PersonLine):
    """One person. Facts and tags only for who reads the file; visits as far as whoever asks may read them."""

    status: str
    area: str
    facts: list[FactOut]
    tags: list[TagOut]
    visits: int
    last_visit: date | None


class VisitOut(Schema):
    """A visit as it was written."""

    id: UUID
    person: UUID | None
    dwelling: UUID | None
    visited_on: date
    mode: str = Field(description="code set visit_mode")
    mode_name: str
    topic: str = Field(description="code set visit_topic, or empty")
    situation: str
    needs: str
    action: str
    outcome: str
    follow_up_on: date | None
    followed_up: bool
    visitor: str
    withdrawn: bool


class VisitsOut(Schema):
    """Visits, newest first, and the cursor of those that follow."""

    visits: list[VisitOut]
    next: str | None


class VisitIn(In):
    """A visit to a person or to a dwelling (one of the two). ``id`` is made where the visit is written: the same id sent
    again is the same visit. ``items``: the person's items confirmed or corrected at the door, by code; coded ones by
    code or by name."""

    id: UUID
    person: UUID | None = None
    dwelling: UUID | None = None
    visited_on: Day
    mode: Line
    topic: Line = ""
    situation: Text = ""
    needs: Text = ""
    action: Text = ""
    outcome: Text = ""
    follow_up_on: Day | None = None
    items: dict[Line, Value] = Field(default_factory=dict, max_length=50)


class CrowdIn(In):
    """A rule in Chinese or English over a subject: 年龄 >= 80 且 标签 = 独居."""

    rule: RuleText
    subject: Subject = Subject.PERSON


class CrowdOut(Schema):
    """How many belong. Who may not list the people gets fives, and null for what is too small to be told."""

    text: str = Field(description="the rule in its normal form")
    says: str = Field(description="the rule as a sentence")
    yes: int | None
    unknown: int | None = Field(description="something that the rule asks is not known of them")
    all: int | None
    exact: bool


class RuleRefused(Schema):
    """Why a rule is refused, and where: character offsets into the text, end exclusive."""

    start: int
    end: int
    message: str
    nearest: str


class AreaOut(Schema):
    """An area by its public name."""

    code: str
    name: str
    kind: str


class CodeOut(Schema):
    """One code of a coded item."""

    code: str
    name: str


class ItemOut(Schema):
    """An item of the catalogue: what may be recorded, why, and who answers for it."""

    subject: Subject
    item: str
    name: str
    kind: str
    group: str
    unit: str
    owner: str
    level: int = Field(description="1 public, 2 internal, 3 personal, 4 sensitive")
    purpose: str
    basis: str
    standard: str
    fresh_days: int | None
    derived: bool
    codes: list[CodeOut]


class MeOut(Schema):
    """In whose name and in which post a program works, and what may be done there."""

    name: str
    role: Role
    title: str
    area: str
    area_name: str
    department: str
    may: list[str]


class Detail(Schema):
    """Why there is no answer."""

    detail: str


Fields = dict[str, str]
"""One sentence for each field that is not as it should be."""
