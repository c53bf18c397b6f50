"""Which column means what: proposed from the header's words and the cells' looks, with confidence and reason."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from linyun.hub.exchange.reading.cells import Sheet
from linyun.hub.exchange.reading.content import Profile, profile
from linyun.hub.exchange.reading.header import Head, HeadColumn
from linyun.hub.exchange.reading.specials import ADDRESS_PARTS, IGNORED, NAMES
from linyun.hub.exchange.reading.words import OTHERS, Candidate, Vocabulary, fold
from linyun.kernel.declare import Kind as ItemKind
from linyun.kernel.declare import Subject
from linyun.kernel.words import msgid, say

SURE = 0.5  # from this confidence on a column is mapped without being asked


class Kind(StrEnum):
    """What a table is about."""

    PEOPLE = "people"
    DWELLINGS = "dwellings"
    BUILDINGS = "buildings"
    VISITS = "visits"
    ORGANISATIONS = "organisations"
    PARKING = "parking"
    OFFICES = "offices"  # a list of government offices: nothing of ours
    DICTIONARY = "dictionary"  # a description of database fields
    CODES = "codes"  # a code list
    NOTES = "notes"  # sentences only
    EMPTY = "empty"
    UNKNOWN = "unknown"


SUBJECT_OF = {
    Kind.PEOPLE: Subject.PERSON,
    Kind.VISITS: Subject.PERSON,
    Kind.DWELLINGS: Subject.DWELLING,
    Kind.BUILDINGS: Subject.DWELLING,
    Kind.ORGANISATIONS: Subject.ORGANISATION,
    Kind.PARKING: Subject.PLACE,
}
"""The subject whose items the rows of a table fill."""

_WEIGHTS: Mapping[Kind, Mapping[str, float]] = {
    Kind.PEOPLE: {"person": 1.0, "household": 0.9, "dwelling": 0.85},
    Kind.VISITS: {"person": 0.95},
    Kind.DWELLINGS: {"dwelling": 1.0, "household": 0.8},
    Kind.BUILDINGS: {"dwelling": 0.9, "place": 0.8},
    Kind.ORGANISATIONS: {"organisation": 1.0},
    Kind.PARKING: {"place": 0.9},
}
_PLACE = (
    "@sequence @address @estate @road @lane @building @unit @floor @room @remark @committee @grid @street "
    "@reason @origin_row @tags @owner_no"
)
_HOME = "@registered @household @relation @head_name @head_identity @head_phone @age"
_VISIT = "@visit_date @visit_mode @visitor @visit_content @visit_measure @visit_result @visited_kind @date @content"
_ALLOWED: Mapping[Kind, frozenset[str]] = {
    Kind.PEOPLE: frozenset(f"{_PLACE} {_HOME}".split()),
    Kind.VISITS: frozenset(f"{_PLACE} {_HOME} {_VISIT}".split()),
    Kind.DWELLINGS: frozenset(f"{_PLACE} {_HOME} @storeys".split()),
    Kind.BUILDINGS: frozenset(f"{_PLACE} @storeys @building_name".split()),
    Kind.ORGANISATIONS: frozenset(_PLACE.split()),
    Kind.PARKING: frozenset(f"{_PLACE} @parking_no @parking_kind @plate".split()),
}
_STRONG = {
    "@head_identity": 3.0,
    "person.name": 2.0, "person.sex": 1.5, "person.birth_date": 1.5, "@relation": 3.0, "organisation.uscc": 3.0,
    "organisation.name": 2.0, "@room": 2.0, "@storeys": 2.0, "@units_count": 2.0, "@builder": 1.5,
    "@building_name": 2.0,
    "@visit_date": 2.0, "@visit_mode": 2.0, "@visitor": 2.0, "@visit_content": 2.0, "@visit_measure": 2.0,
    "@visited_kind": 1.5, "@visited": 1.5, "@head_name": 1.5,
    "@date": 0.5, "@content": 0.5, "@parking_no": 3.0, "@parking_kind": 2.0, "@office": 1.5,
    "@field": 1.5, "@unit": 0.5, "@floor": 0.5,
}  # fmt: skip
"""How strongly a column speaks for the kind of its table; other columns count 1, identity numbers 3."""

_SPEAKS_FOR = {
    "@head_identity": Kind.PEOPLE, "@head_phone": Kind.PEOPLE,
    "person": Kind.PEOPLE, "@relation": Kind.PEOPLE, "@age": Kind.PEOPLE, "@head_name": Kind.PEOPLE,
    "@registered": Kind.PEOPLE, "organisation": Kind.ORGANISATIONS, "dwelling": Kind.DWELLINGS, "@room": Kind.DWELLINGS,
    "@unit": Kind.DWELLINGS, "@floor": Kind.DWELLINGS,
    "@storeys": Kind.BUILDINGS, "@units_count": Kind.BUILDINGS, "@builder": Kind.BUILDINGS,
    "@building_name": Kind.BUILDINGS, "@building": Kind.BUILDINGS, "@parking_no": Kind.PARKING,
    "@parking_kind": Kind.PARKING, "@plate": Kind.PARKING, "@office": Kind.OFFICES, "@field": Kind.DICTIONARY,
}  # fmt: skip


_COMPANY = frozenset(["organisation.name", "organisation.uscc"])


@dataclass(slots=True)
class Guess:
    """What a column is taken for. ``target`` "" leaves it out; ``others`` are further meanings, likeliest first."""

    column: HeadColumn
    target: str = ""
    confidence: float = 0.0
    reason: str = ""
    others: list[Candidate] = field(default_factory=list)
    profile: Profile = field(default_factory=Profile)


class Proposal(NamedTuple):
    """What a table is about and what its columns mean."""

    kind: Kind
    guesses: list[Guess]


def fingerprint(names: Sequence[str]) -> str:
    """A layout's mark: the same for the same header words in the same order, whatever stands in the rows.

    Columns that only a file of corrections has are left out, so that it is known for the layout it came from.
    """
    kept = [f for n in names if (f := fold(n)) and f not in _EXTRA]
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()[:32]


_EXTRA = frozenset(["退回原因", "原表行号"])


def propose(sheet: Sheet, head: Head, words: Vocabulary, remembered: Mapping[str, str] | None = None) -> Proposal:
    """Propose the table's kind and a meaning for each column. ``remembered``: header → target, as once confirmed."""
    guesses = [
        Guess(c, others=_candidates(c, words), profile=profile(sheet, c.index, head.first)) for c in head.columns
    ]
    kind = _kind(guesses, words)
    if kind not in SUBJECT_OF:
        return Proposal(kind, guesses)
    for guess in guesses:
        guess.others = _weighed(guess, kind, words)
    _assign(guesses, words)
    if kind in (Kind.PEOPLE, Kind.VISITS):
        _find_name(guesses)
        _from_content(guesses)
    if remembered:
        _recall(guesses, remembered)
    return Proposal(kind, guesses)


def keys_of(guesses: Iterable[Guess]) -> list[str]:
    """The names under which columns are remembered: the header, with #2 … where one repeats."""
    seen: dict[str, int] = {}
    keys = []
    for guess in guesses:
        name = fold(guess.column.header) or f"@{guess.column.letter}"
        seen[name] = seen.get(name, 0) + 1
        keys.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return keys


def name_of(target: str, words: Vocabulary) -> str:
    """How a target is called where people see it."""
    return NAMES.get(target) or (words.items[target].name if target in words.items else target)


def _candidates(column: HeadColumn, words: Vocabulary) -> list[Candidate]:
    """Meanings of the joined name, then of the lowest head where the upper one only groups."""
    if not column.path:
        return []
    leaf = column.path[-1]
    if len(column.path) == 1:
        return words.look(leaf)
    upper = fold("".join(column.path[:-1]))
    joined = words.look(upper + fold(leaf))
    if joined and joined[0].score >= 0.9:
        return joined
    if OTHERS.match(upper):
        return []
    # A column whose whole name is known has the better claim: 居住/地址 before 登记/地址.
    return [c._replace(score=0.98 * c.score) for c in words.look(leaf)] or joined


def _kind(guesses: list[Guess], words: Vocabulary) -> Kind:
    votes: dict[Kind, float] = {}
    for guess in guesses:
        own: dict[Kind, float] = {}
        for candidate in guess.others:
            if candidate.score < 0.75:
                continue
            speaks = _speaks_for(candidate.target)
            if speaks:
                weight = 3.0 if _is_identity(candidate.target, words) else _STRONG.get(candidate.target, 1.0)
                own[speaks] = max(own.get(speaks, 0.0), weight * candidate.score)
        for kind, weight in own.items():
            votes[kind] = votes.get(kind, 0.0) + weight
    has_person = any(_is_person(c.target, words) for g in guesses for c in g.others)
    if not has_person:
        votes.pop(Kind.PEOPLE, None)
    elif any(g.others[0].target == "person.name" and g.others[0].score == 1.0 for g in guesses if g.others):
        votes[Kind.PEOPLE] = votes.get(Kind.PEOPLE, 0.0) + 1.0
    if not any(c.target in _COMPANY for g in guesses for c in g.others):
        # Companies have rooms and floor areas too; what names none is no list of them.
        votes.pop(Kind.ORGANISATIONS, None)
    by_content = any(g.profile.identity >= 0.6 and g.profile.filled >= 3 for g in guesses)
    best = max(votes, key=lambda k: votes[k], default=Kind.UNKNOWN)
    if votes.get(best, 0.0) < 2.5:
        return Kind.PEOPLE if by_content else Kind.UNKNOWN
    return best


def _speaks_for(target: str) -> Kind | None:
    if target.startswith("@visit") or target in ("@date", "@content"):
        return Kind.VISITS
    return _SPEAKS_FOR.get(target) or _SPEAKS_FOR.get(target.partition(".")[0])


def _is_identity(target: str, words: Vocabulary) -> bool:
    item = words.items.get(target)
    return item is not None and item.kind is ItemKind.IDENTITY and item.subject is Subject.PERSON


def _is_person(target: str, words: Vocabulary) -> bool:
    return target in ("person.name", "@head_name") or _is_identity(target, words)


def _weighed(guess: Guess, kind: Kind, words: Vocabulary) -> list[Candidate]:
    """Candidates that a table of this kind can have, weighed by subject and by what the cells look like."""
    found = []
    for c in guess.others:
        if c.target in IGNORED:
            found.append(c._replace(score=1.0))
            continue
        weight = 1.0 if c.target in _ALLOWED[kind] else _WEIGHTS[kind].get(c.target.partition(".")[0], 0.0)
        if c.target[0] == "@" and c.target not in _ALLOWED[kind]:
            weight = 0.0
        if weight:
            found.append(_by_looks(c._replace(score=round(c.score * weight, 3)), guess.profile, words))
    return sorted(found, key=lambda c: -c.score)


def _by_looks(candidate: Candidate, looks: Profile, words: Vocabulary) -> Candidate:
    """Confidence after a look at the cells: an identity column full of phones is no identity column."""
    if looks.filled < 3:
        return candidate
    item = words.items.get(candidate.target)
    kind = item.kind if item else None
    if kind is ItemKind.IDENTITY and looks.identity_like < 0.2 and (looks.phone > 0.6 or looks.name > 0.6):
        return candidate._replace(score=0.3, reason=say("列名像证件号码，内容却不是"))
    if kind is ItemKind.PHONE and looks.identity > 0.5:
        return candidate._replace(score=0.3, reason=say("列名像电话，内容却是身份证号码"))
    if kind is ItemKind.IDENTITY and looks.identity > 0.5:
        return candidate._replace(
            score=max(candidate.score, 0.95), reason=say("{reason}，内容也是", reason=candidate.reason)
        )
    if candidate.target == "person.name" and (looks.identity > 0.5 or looks.phone > 0.6 or looks.address > 0.6):
        return candidate._replace(score=0.3, reason=say("列名像姓名，内容却不是"))
    return candidate


def _assign(guesses: list[Guess], words: Vocabulary) -> None:
    """Each meaning to the surest column; the second best takes its next meaning. Phones may fill several columns."""
    offers = [(c.score, -i, c) for i, g in enumerate(guesses) for c in g.others if c.score >= SURE]
    taken: dict[str, Guess] = {}
    for _, negative, candidate in sorted(offers, key=lambda o: (-o[0], -o[1])):
        guess = guesses[-negative]
        if guess.target:
            continue
        item = words.items.get(candidate.target)
        shared = candidate.target in IGNORED or item is not None and item.kind is ItemKind.PHONE
        if candidate.target in taken and not shared:
            guess.reason = guess.reason or say(
                "与 {letter} 列意思相同，没有采用", letter=taken[candidate.target].column.letter
            )
            continue
        guess.target, guess.confidence, guess.reason = candidate.target, candidate.score, candidate.reason
        taken[candidate.target] = guess
    for guess in guesses:
        if not guess.target and not guess.reason:
            guess.reason = _why_not(guess)


def _why_not(guess: Guess) -> str:
    if not guess.column.path:
        return say("没有列名")
    if OTHERS.match(fold(guess.column.header)):
        return say("说的是别的人或单位，不是本行的")
    return say("不太确定，请指定") if guess.others else say("没有对应的数据项")


HEADS_OWN = {
    "@head_name": "person.name",
    "@head_identity": "person.identity_number",
    "@head_phone": "person.phone",
}
"""Columns that tell of the head of a household → what they are when the head is the row's person."""
HEADS_BESIDE = msgid("户主和家庭成员并排，各记一人")


def _find_name(guesses: list[Guess]) -> None:
    """A people table without a plain name column: 户主姓名 or 业主名称 is then the person's name, and so on."""
    if any(g.target == "person.name" for g in guesses):
        return
    for guess in guesses:
        if guess.target in ("@head_identity", "@head_phone"):
            guess.target, guess.reason = HEADS_OWN[guess.target], say("表里记的是户主本人")
    for guess in guesses:
        folded = fold(guess.column.header)
        if (
            guess.target == "@head_name"
            or folded.startswith(("业主", "户主", "产权人", "承租人", "租户"))
            and folded.endswith(("名", "名称"))
        ):
            guess.target, guess.confidence, guess.reason = "person.name", 0.8, "表里没有别的姓名列"
            return


def _from_content(guesses: list[Guess]) -> None:
    """Identity numbers, phones and names are known by their looks where no header tells of them."""
    for target, share, confidence, what in (
        ("person.identity_number", "identity", 0.85, say("身份证号码")),
        ("person.phone", "phone", 0.7, say("电话号码")),
        ("person.name", "name", 0.65, say("姓名")),
    ):
        if any(g.target == target for g in guesses):
            continue
        fitting = [
            g for g in guesses if not g.target and g.profile.filled >= 3 and not OTHERS.match(fold(g.column.header))
        ]
        best = max(fitting, key=lambda g: getattr(g.profile, share), default=None)
        if best and getattr(best.profile, share) >= 0.6:
            best.target, best.confidence, best.reason = target, confidence, say("内容像{what}", what=what)


def heads_beside(guesses: Sequence[Guess]) -> list[Guess] | None:
    """Where heads with identity numbers of their own stand beside their members: the heads' block of columns."""
    targets = {g.target for g in guesses}
    if not {"@head_name", "@head_identity", "person.name"} <= targets:
        return None
    return [
        replace(g, target=HEADS_OWN[g.target], reason=HEADS_BESIDE)
        if g.target in HEADS_OWN
        else replace(g, target=g.target if g.target in _OF_THE_HOUSE else "")
        for g in guesses
    ]


_OF_THE_HOUSE = frozenset(["@household", "@registered", "@address", *(f"@{part}" for part in ADDRESS_PARTS)])


def _recall(guesses: list[Guess], remembered: Mapping[str, str]) -> None:
    for guess, key in zip(guesses, keys_of(guesses), strict=True):
        if key in remembered:
            guess.target, guess.confidence, guess.reason = remembered[key], 1.0, say("上次这样对应")
