"""Refusals of words nobody declared: forbidden, ambiguous, at home with another subject, or misspelt."""

import re

from linyun.kernel.declare import Relation, Subject, Tag
from linyun.kernel.rule.draft import Word
from linyun.kernel.rule.errors import RuleError
from linyun.kernel.rule.forbidden import refuse_forbidden
from linyun.kernel.rule.syntax import Quantity
from linyun.kernel.rule.text import quantity_word, quoted
from linyun.kernel.rule.vocabulary import SUBJECT_NAMES, Branch, Field, Vocabulary
from linyun.kernel.words import english


def _error(word: Word, zh: str, en: str, expected: tuple[str, ...] = (), nearest: str = "") -> RuleError:
    return RuleError(zh, word.start, word.end, expected, nearest, en, word.path)


def forbidden(word: Word, text: str) -> RuleError | None:
    """The refusal of a word that may not be asked for at all."""
    why = refuse_forbidden(text)
    return _error(word, why, f"“{text}” may not be used to find people. {english(why)}") if why else None


def unknown_name(word: Word, subject: Subject, vocabulary: Vocabulary, relations: bool = False) -> RuleError:
    """No field of this subject (or no relation of it) is called so."""
    banned = forbidden(word, word.text)
    if banned:
        return banned
    words = vocabulary.words(subject)
    tables = (words.relations,) if relations else (words.fields, words.relations, words.never)
    for table in tables:
        if len(table.find(word.text)) > 1:
            return ambiguous(word, [f"{found.name}（{found.code}）" for found in table.find(word.text)])
    home = next((s for s in Subject if s is not subject and vocabulary.words(s).fields.find(word.text)), None)
    zh_what, en_what = ("关系", "relation") if relations else ("数据项", "item")
    if home and not relations:
        return _at_home(word, subject, home, vocabulary, zh_what, f"{word.text} …")
    if words.tags.find(word.text):
        mend = f"标签 = {word.text}"
        zh = f"“{word.text}”是标签，请写：{mend}。"
        return _error(word, zh, f"“{word.text}” is a tag; write “tag = {word.text}”.", (mend,), mend)
    near = next((n for n in (table.nearest(word.text) for table in tables) if n), "")
    here = SUBJECT_NAMES[subject]
    return _error(
        word,
        f"{here[0]}没有“{word.text}”这个{zh_what}{_perhaps(near)}。",
        f"{here[1].capitalize()} have no {en_what} “{word.text}”{_perhaps_en(near)}.",
        (zh_what,),
        near,
    )


def unknown_tag(word: Word, text: str, subject: Subject, vocabulary: Vocabulary) -> RuleError:
    """No tag or branch of the dictionary is called so for this subject."""
    banned = forbidden(word, text)
    if banned:
        return banned
    home = next((s for s in Subject if s is not subject and vocabulary.words(s).tags.find(text)), None)
    if home:
        return _at_home(word, subject, home, vocabulary, "标签", f"标签 = {text}")
    near = vocabulary.words(subject).tags.nearest(text)
    return _error(
        word,
        f"标签库里没有“{text}”{_perhaps(near)}。",
        f"The dictionary has no tag “{text}”{_perhaps_en(near)}.",
        ("标签名称",),
        _written(near),
    )


def ambiguous_tag(word: Word, found: list[Tag | Branch]) -> RuleError:
    """Several tags or branches are called so: their full paths tell them apart."""
    paths = ["/".join((*f.path, f.name) if isinstance(f, Tag) else f.path) for f in found]
    return ambiguous(word, paths)


def unknown_code(word: Word, text: str, field: Field, vocabulary: Vocabulary) -> RuleError:
    """The code set of the field holds no such code or word."""
    names = tuple(c.name for c in field.code_set.codes[:8]) if field.code_set else ()
    near = vocabulary.codes(field.code_set).nearest(text)
    among = "、".join(names) + ("…" if field.code_set and len(field.code_set.codes) > 8 else "")
    return _error(
        word,
        f"“{field.name}”没有“{text}”这个选项{_perhaps(near)}；可选：{among}。",
        f"“{text}” is no code of {field.code}{_perhaps_en(near)}.",
        names,
        _written(near),
    )


def ambiguous(word: Word, options: list[str]) -> RuleError:
    """One word, several meanings."""
    listed = "、".join(options)
    return _error(
        word,
        f"“{word.text}”有不止一个意思，请写清楚：{listed}。",
        f"“{word.text}” has more than one meaning: {listed}.",
        tuple(options),
    )


def _at_home(word: Word, subject: Subject, home: Subject, vocabulary: Vocabulary, what: str, inner: str) -> RuleError:
    mend = inner
    for step in reversed(_way(subject, home, vocabulary)):
        mend = f"{step.name} {quantity_word(Quantity.ANY, step.target)}（{mend}）"
    expected = () if mend == inner else (mend,)
    here, there = SUBJECT_NAMES[subject], SUBJECT_NAMES[home]
    return _error(
        word,
        f"“{word.text}”是{there[0]}的{what}，这里说的是{here[0]}" + (f"；请写：{mend}。" if expected else "。"),
        f"“{word.text}” belongs to {there[1]}, this condition is about {here[1]}.",
        expected,
    )


def _way(start: Subject, end: Subject, vocabulary: Vocabulary) -> list[Relation]:
    """The shortest way from one subject to another over relations; empty when there is none."""
    ways: dict[Subject, list[Relation]] = {start: []}
    queue = [start]
    for here in queue:
        for relation in vocabulary.relations.values():
            if relation.subject is here and relation.target not in ways:
                ways[relation.target] = [*ways[here], relation]
                queue.append(relation.target)
    return ways.get(end, [])


def _written(near: str) -> str:
    """A word as it is written in the place of a wrong one: in a list a comma inside it would part it."""
    return quoted(near) if re.search("[,、]", near) else near


def _perhaps(near: str) -> str:
    return f"，是不是“{near}”" if near else ""


def _perhaps_en(near: str) -> str:
    return f"; perhaps “{near}”" if near else ""
