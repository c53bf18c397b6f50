"""The words a rule may use, for each subject: items and terms as fields, relations, tags and their branches, codes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from linyun.kernel.catalogue import Catalogue
from linyun.kernel.declare import (
    CodeSet,
    DeclarationError,
    Item,
    Kind,
    Level,
    Relation,
    Subject,
    Tag,
    Term,
)
from linyun.kernel.rule.forbidden import refuse_forbidden
from linyun.kernel.rule.lookup import Lookup
from linyun.kernel.rule.words import RESERVED, fold

MARK_SQL = (
    "exists (select 1 from tags_mark marked where marked.subject_id = {s}.id and marked.tag = any({tags})"
    " and marked.retracted_at is null and (marked.until is null or marked.until > {today}))"
)
"""Whether the subject ``{s}`` carries one of the hand-set ``{tags}`` (a text array) on the day ``{today}``."""

SUBJECT_NAMES: Mapping[Subject, tuple[str, str]] = {
    Subject.PERSON: ("居民", "residents"),
    Subject.HOUSEHOLD: ("住户", "households"),
    Subject.DWELLING: ("房屋", "dwellings"),
    Subject.ORGANISATION: ("单位", "organisations"),
    Subject.PLACE: ("场所", "places"),
}
TAG_WORDS = frozenset({"标签", "tag", "tags"})

_TAIL = {
    Kind.INTEGER: "(({s}.tail->>'CODE')::numeric)",
    Kind.DECIMAL: "(({s}.tail->>'CODE')::numeric)",
    Kind.DATE: "(({s}.tail->>'CODE')::date)",
    Kind.BOOLEAN: "(({s}.tail->>'CODE')::boolean)",
    Kind.CODES: "nullif({s}.tail->'CODE', 'null'::jsonb)",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A thing known of a subject that a rule can test: an item or a term.

    ``read`` is the PostgreSQL expression for its value, with ``{s}`` and ``{today}`` as in Term; several codes are
    read as a JSON array. ``never`` is the phrase for "unknown" where a last time has one: 从未走访. ``since`` as in Term.
    """

    subject: Subject
    code: str
    name: str
    kind: Kind
    level: Level
    read: str
    code_set: CodeSet | None = None
    unit: str = ""
    names: tuple[str, ...] = ()
    is_item: bool = True
    never: tuple[str, str] = ("", "")
    since: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A place in the tag dictionary above the leaves: the path from the root."""

    path: tuple[str, ...]


def _item_sql(item: Item) -> str:
    if item.core:
        if "." in item.code:
            raise DeclarationError(f"item {item.code}: a core item's code is a column name and cannot hold a dot")
        return f"{{s}}.{item.code}"
    return _TAIL.get(item.kind, "({s}.tail->>'CODE')").replace("CODE", item.code)


def _never(code: str, name: str, kind: Kind) -> tuple[str, str]:
    """``最近走访`` is unknown for those 从未走访; ``last_visit`` for those ``never_visit``."""
    if kind is not Kind.DATE or not name.startswith("最近") or not code.startswith("last_"):
        return "", ""
    return "从未" + name.removeprefix("最近"), "never_" + code.removeprefix("last_")


def _set_of(what: str, code_set: str, code_sets: Mapping[str, CodeSet]) -> CodeSet | None:
    if code_set and code_set not in code_sets:
        raise DeclarationError(f"{what}: code set {code_set!r} is declared by nobody")
    return code_sets.get(code_set)


def _of_item(i: Item, code_sets: Mapping[str, CodeSet], reads: Mapping[tuple[Subject, str], str]) -> Field:
    read = reads.get((i.subject, i.code)) or _item_sql(i)
    codes = _set_of(f"item {i.code}", i.code_set, code_sets)
    never = _never(i.code, i.name, i.kind)
    return Field(i.subject, i.code, i.name, i.kind, i.level, read, codes, i.unit, i.names, True, never)


def _of_term(t: Term, code_sets: Mapping[str, CodeSet], reads: Mapping[tuple[Subject, str], str]) -> Field:
    own = reads.get((t.subject, t.code))
    read, since = own or f"({t.sql})", "" if own else t.since
    codes = _set_of(f"term {t.code}", t.code_set, code_sets)
    never = _never(t.code, t.name, t.kind)
    return Field(t.subject, t.code, t.name, t.kind, t.level, read, codes, t.unit, t.names, False, never, since)


@dataclass
class Words:
    """The words of one subject."""

    fields: Lookup[Field] = field(default_factory=Lookup)
    relations: Lookup[Relation] = field(default_factory=Lookup)
    tags: Lookup[Tag | Branch] = field(default_factory=Lookup)
    never: Lookup[Field] = field(default_factory=Lookup)


class Vocabulary:
    """All words rules may use. Made once of what is declared; nothing in it changes afterwards.

    ``mark_sql``: see MARK_SQL. ``reads`` replaces the expression by which a field is read, for columns that are not
    named as their item. ``area_name`` gives the name of an area code for explanations. Raises DeclarationError when
    something is declared that may not exist (see ``forbidden``) or whose name is a word of the language.
    """

    def __init__(
        self,
        *,
        items: Iterable[Item] = (),
        terms: Iterable[Term] = (),
        relations: Iterable[Relation] = (),
        tags: Iterable[Tag] = (),
        code_sets: Iterable[CodeSet] = (),
        mark_sql: str = MARK_SQL,
        reads: Mapping[tuple[Subject, str], str] | None = None,
        area_name: Callable[[str], str] | None = None,
    ) -> None:
        self.mark_sql = mark_sql
        self.area_name: Callable[[str], str] = area_name or (lambda code: code)
        self.code_sets = {c.code: c for c in code_sets}
        self.fields: dict[tuple[Subject, str], Field] = {}
        self.relations = {(r.subject, r.code): r for r in relations}
        self.tags = {t.code: t for t in tags}
        self.cache: dict[Any, Any] = {}  # computed once: parsed tag rules and the like
        self._codes = {c.code: _code_words(c) for c in self.code_sets.values()}
        self._words = {subject: Words() for subject in Subject}
        for item in items:
            self._add_field(_of_item(item, self.code_sets, reads or {}))
        for term in terms:
            self._add_field(_of_term(term, self.code_sets, reads or {}))
        for relation in self.relations.values():
            self._check_name("relation", relation.code, relation.name, relation.names)
            if (relation.subject, relation.code) in self.fields:
                raise DeclarationError(f"relation {relation.code}: an item or term has the same code")
            table = self._words[relation.subject].relations
            for rank, word in _ranked(relation.code, relation.name, relation.names):
                table.add(word, relation, rank)
        for tag in self.tags.values():
            self._read_tag(tag)

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        *,
        items: Iterable[Item] = (),
        tags: Iterable[Tag] = (),
        mark_sql: str = MARK_SQL,
        reads: Mapping[tuple[Subject, str], str] | None = None,
        area_name: Callable[[str], str] | None = None,
    ) -> "Vocabulary":
        """The vocabulary of an open catalogue, with items and tags that were added at run time."""
        return cls(
            items=(*catalogue.items.values(), *items),
            terms=catalogue.terms.values(),
            relations=catalogue.relations.values(),
            tags=(*catalogue.tags.values(), *tags),
            code_sets=catalogue.code_sets.values(),
            mark_sql=mark_sql,
            reads=reads,
            area_name=area_name,
        )

    def field(self, subject: Subject, code: str) -> Field:
        """A field by its code. Raises KeyError when the subject has none such."""
        return self.fields[subject, code]

    def relation(self, subject: Subject, code: str) -> Relation:
        """A relation by its code. Raises KeyError when the subject has none such."""
        return self.relations[subject, code]

    def words(self, subject: Subject) -> Words:
        """The lookup tables of one subject."""
        return self._words[subject]

    def codes(self, code_set: CodeSet | None) -> Lookup[str]:
        """The words for the codes of a set: code, then name, then other wordings."""
        return self._codes[code_set.code] if code_set else Lookup()

    def under(self, subject: Subject, path: tuple[str, ...]) -> list[Tag]:
        """The tags of a subject whose path begins with ``path``, by code."""
        key = ("under", subject, path)
        if key not in self.cache:
            tags = [t for t in self.tags.values() if t.subject is subject and t.path[: len(path)] == path]
            self.cache[key] = sorted(tags, key=lambda tag: tag.code)
        found: list[Tag] = self.cache[key]
        return found

    def _add_field(self, found: Field) -> None:
        self._check_name("item" if found.is_item else "term", found.code, found.name, found.names)
        self.fields[found.subject, found.code] = found
        words = self._words[found.subject]
        for rank, word in _ranked(found.code, found.name, found.names):
            words.fields.add(word, found, rank)
        for phrase in found.never:
            words.never.add(phrase, found)

    def _read_tag(self, tag: Tag) -> None:
        self._check_name("tag", tag.code, tag.name, tag.names)
        for step in tag.path:
            self._refuse("tag", tag.code, step)
        table = self._words[tag.subject].tags
        for rank, word in _ranked(tag.code, tag.name, tag.names):
            table.add(word, tag, rank)
        for start in range(len(tag.path)):
            table.add("/".join((*tag.path[start:], tag.name)), tag, 1)
            for end in range(start + 1, len(tag.path) + 1):
                words = "/".join(tag.path[start:end])
                branch = Branch(tag.path[:end])
                # A whole path goes before the end of a longer one; a slash at its end makes it clear beyond doubt.
                table.add(words, branch, 3 if start else 2)
                table.add(words + "/", branch, 3 if start else 0)

    def _check_name(self, what: str, code: str, name: str, names: tuple[str, ...]) -> None:
        for word in (code, name, *names):
            self._refuse(what, code, word)
        for word in (code, name):
            if fold(word) in RESERVED or fold(word) in TAG_WORDS:
                raise DeclarationError(f"{what} {code}: {word!r} is a word of the rule language")

    def _refuse(self, what: str, code: str, word: str) -> None:
        why = refuse_forbidden(word)
        if why:
            raise DeclarationError(f"{what} {code} ({word}): {why}")


def _ranked(code: str, name: str, names: Iterable[str]) -> list[tuple[int, str]]:
    others = [n for n in names if fold(n) not in RESERVED and fold(n) not in TAG_WORDS]
    return [(0, code), (1, name), *((2, n) for n in others)]


def _code_words(code_set: CodeSet) -> Lookup[str]:
    table: Lookup[str] = Lookup()
    for entry in code_set.codes:
        for rank, word in [(0, entry.code), (1, entry.name), *((2, w) for w in entry.words)]:
            table.add(word, entry.code, rank)
    return table
