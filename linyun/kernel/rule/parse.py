"""From the text of a rule to its draft: the grammar, fed word by word by the scanner.

LALR needs no back-tracking and no recursion, so hostile input costs time in proportion to its length. The draft is
built while parsing.
"""

from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedToken

from linyun.kernel.declare import Subject
from linyun.kernel.rule.draft import (
    MAX_TEXT,
    Draft,
    DraftJoin,
    DraftNot,
    DraftRelated,
    DraftTest,
    Word,
    deeper,
    too_long,
)
from linyun.kernel.rule.errors import RuleError
from linyun.kernel.rule.scan import Scanner, Unexpected
from linyun.kernel.rule.vocabulary import Vocabulary
from linyun.kernel.rule.words import EXPECTED


def join(word: str, parts: list[Draft]) -> Draft:
    """Parts joined by one word; parts that are themselves so joined are taken apart."""
    flat = tuple(p for part in parts for p in (part.parts if _is_join(part, word) else (part,)))  # type: ignore[union-attr]
    return flat[0] if len(flat) == 1 else DraftJoin(word, flat, deeper(*flat))


def _is_join(part: Draft, word: str) -> bool:
    return isinstance(part, DraftJoin) and part.word == word


class _Builder(Transformer[Token, Any]):
    """Makes drafts of what the grammar recognises. A token's value is its Word."""

    def start(self, children: list[Any]) -> Any:
        return children[0]

    def either(self, children: list[Any]) -> Draft:
        return join("or", children)

    def both(self, children: list[Any]) -> Draft:
        return join("and", children)

    def opposite(self, children: list[Any]) -> Draft:
        return DraftNot(children[1], deeper(children[1]))

    def never(self, children: list[Any]) -> Draft:
        word: Word = children[0].value
        return DraftTest(word, Word(word.text, word.start, word.end, "never"))

    def values(self, children: list[Token]) -> list[Word]:
        return [child.value for child in children]

    def test(self, children: list[Any]) -> Draft:
        name, *rest = children
        words: list[Word] = []
        for child in rest:
            words.extend(child if isinstance(child, list) else [child.value])
        if rest[-1].__class__ is Token and rest[-1].type == "PERIOD":
            return DraftTest(name.value, _period_act(words), (words[-1],))
        act, *operands = words
        if rest[0].type == "AT" and isinstance(rest[-1], list):
            act = Word(act.text, act.start, act.end, "not_in" if act.meaning.startswith("not") else "in")
        return DraftTest(name.value, act, tuple(operands))

    def where(self, children: list[Draft]) -> Draft:
        return children[0]

    def related(self, children: list[Any]) -> Draft:
        return _related(children)

    def counted(self, children: list[Any]) -> Draft:
        return _related(children)


def _period_act(words: list[Word]) -> Word:
    first = words[0]
    return Word(first.text, first.start, first.end, "not_period" if first.meaning.startswith("not") else "period")


def _related(children: list[Any]) -> Draft:
    tokens = {c.type: c.value for c in children if isinstance(c, Token) and c.type != "VALUE"}
    where = next((c for c in children if not isinstance(c, Token)), None)
    quantity = next(tokens[t] for t in ("QUANTITY", "PREFIX", "COUNT", "PREFIX_COUNT") if t in tokens)
    act = next((tokens[t] for t in ("COMPARE", "AT", "BETWEEN") if t in tokens), None)
    operands = tuple(c.value for c in children if isinstance(c, Token) and c.type == "VALUE")
    return DraftRelated(tokens["RELATION"], quantity, where, act, operands, deeper(where))


@cache
def _grammar() -> Lark:
    path = Path(__file__).with_name("grammar.lark")
    return Lark(path.read_text("utf-8"), parser="lalr", lexer="basic", transformer=_Builder())


def draft_of(text: str, subject: Subject, vocabulary: Vocabulary) -> Draft:
    """The draft of a text about a subject. Raises RuleError with the place of the first word that does not fit."""
    if len(text) > MAX_TEXT:
        raise too_long(len(text))
    scanner = Scanner(text, subject, vocabulary)
    state = _grammar().parse_interactive("")
    fed: list[Token] = []
    try:
        while True:
            choices = [str(c) for c in state.choices() if c.isupper()]  # type: ignore[no-untyped-call]
            terminal, word = scanner.next_word(choices)
            if terminal == "$END" and not text.strip():
                raise RuleError("规则是空的，请写一个条件，如：年龄 >= 70", message_en="The rule is empty.")
            token = Token(terminal, word)
            done = state.feed_token(token)
            fed.append(token)
            if terminal == "$END":
                result: Draft = done
                return result
    except UnexpectedToken as stop:
        raise _unexpected(stop.token.value, fed, len(text)) from None
    except Unexpected as stop:
        raise _unexpected(stop.word, fed, len(text)) from None


def _unexpected(word: Word, fed: list[Token], end: int) -> RuleError:
    """The refusal of a word that may not stand where it stands, with all that may.

    The words before it are read anew: while a wrong word is tried the parser forgets what else would have done.
    """
    state = _grammar().parse_interactive("")
    for token in fed:
        state.feed_token(token)
    accepted = state.accepts()  # type: ignore[no-untyped-call]
    known = [said for terminal, said in EXPECTED.items() if terminal in accepted]
    zh = tuple(said[0] for said in known if said[0])
    en = ", ".join(said[1] for said in known if said[1])
    if word.start == end:
        said_zh, said_en = "规则还没有写完", "The rule ends too early"
    else:
        said_zh, said_en = f"这里不应是“{word.text}”", f"“{word.text}” cannot stand here"
    wanted = f"{said_zh}，应为：{'、'.join(zh)}。"
    return RuleError(wanted, word.start, word.end, zh, message_en=f"{said_en}; expected: {en}.")
