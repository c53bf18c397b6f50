"""Words for people: sentences in the reader's language, and names of codes that are the house's own.

The kernel speaks Chinese by itself. Whoever knows the reader installs a tongue once (``speak``); ``say`` then gives a
sentence in the language of the moment. A msgid is a whole Chinese sentence with ``{named}`` places, written where it is
said, so that it can be collected for translation; names in the catalogue are msgids as well.

What is stored (why a row of an import was refused) is stored in Chinese, ``in_chinese``, and ``retold`` when it is read.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any, Literal, TypeAlias

from linyun.kernel.declare import Role

Lang: TypeAlias = Literal["zh", "en"]


def _chinese() -> Lang:
    return "zh"


class _Tongue:
    """Which language is spoken now, how a Chinese sentence is said in English, and all sentences that can be."""

    lang: Callable[[], Lang] = staticmethod(_chinese)
    english: Callable[[str], str] = staticmethod(str)
    msgids: Callable[[], Iterable[str]] = staticmethod(tuple)


_ONLY_CHINESE: ContextVar[bool] = ContextVar("only_chinese", default=False)


def speak(lang: Callable[[], Lang], english: Callable[[str], str], msgids: Callable[[], Iterable[str]] = tuple) -> None:
    """Install the tongue: ``lang`` tells the language of the moment, ``english`` the English of a msgid."""
    _Tongue.lang, _Tongue.english = staticmethod(lang), staticmethod(english)
    _Tongue.msgids = staticmethod(msgids)
    _retold.cache_clear()
    _patterns.cache_clear()


def lang() -> Lang:
    """The language of the moment."""
    return "zh" if _ONLY_CHINESE.get() else _Tongue.lang()


@contextmanager
def in_chinese() -> Iterator[None]:
    """Within it everything is said in Chinese, for what is stored or leaves as an official file. Also a decorator."""
    before = _ONLY_CHINESE.set(True)
    try:
        yield
    finally:
        _ONLY_CHINESE.reset(before)


def msgid(text: str) -> str:
    """The text as it is: marks a constant whose words are said elsewhere."""
    return text


def english(msgid: str, /, **values: object) -> str:
    """The sentence in English, whoever reads."""
    text = _Tongue.english(msgid) if msgid else ""
    return text.format_map(values) if values else text


def say(msgid: str, /, **values: Any) -> str:
    """The sentence in the language of the moment, with ``values`` in its places. Chinese costs no look-up."""
    text = msgid if not msgid or lang() == "zh" else _Tongue.english(msgid)
    return text.format_map(values) if values else text


def listed(words: Iterable[str], mark: str = "、") -> str:
    """Some words one after another, as the language of the moment lists them; ``mark`` stands between Chinese ones."""
    return (mark if lang() == "zh" else ", ").join(words)


def retold(text: str) -> str:
    """A Chinese sentence that was said before, values in its places, in the language of the moment."""
    return text if not text or lang() == "zh" else _retold(text)


@lru_cache(maxsize=4096)
def _retold(text: str, depth: int = 0) -> str:
    """Known as a whole, else sentence by sentence, else what follows a label. ``depth``: within how many others it stands."""
    found = _known(text, depth)
    if found is not None or depth >= _DEEPEST:
        return text if found is None else found
    if "；" in text:
        return "; ".join(_retold(part, depth + 1) for part in text.split("；", _DEEPEST * 4))
    label, colon, rest = text.partition("：")
    return f"{_retold(label, _DEEPEST)}: {_retold(rest, depth + 1)}" if colon else text


def _known(text: str, depth: int) -> str | None:
    whole = _Tongue.english(text)
    if whole != text:
        return whole
    if len(text) > _LONGEST:
        return None
    for pattern, pieces, source in _patterns():
        if all(piece in text for piece in pieces) and (found := pattern.fullmatch(text)):
            values = {name: _retold(value, min(depth + 1, _DEEPEST)) for name, value in found.groupdict().items()}
            return _Tongue.english(source).format_map(values)
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], tuple[str, ...], str]]:
    """How each sentence with places in it looks when they are filled, those that say most by themselves first."""
    found = []
    for source in _Tongue.msgids():
        pieces = tuple(piece for piece in _PLACES.split(source) if piece and not _PLACE.fullmatch(piece))
        said = sum(map(len, pieces))
        if "{" in source and said >= _TELLING:
            seen: set[str] = set()
            parts = [_part(part, seen) for part in _PLACES.split(source)]
            found.append((said, re.compile("".join(parts), re.DOTALL), pieces, source))
    return [(pattern, pieces, source) for _said, pattern, pieces, source in sorted(found, key=lambda f: -f[0])]


def _part(part: str, seen: set[str]) -> str:
    place = _PLACE.fullmatch(part)
    if not place:
        return re.escape(part)
    name = place[1]
    if name in seen:
        return f"(?P={name})"
    seen.add(name)
    return f"(?P<{name}>.*?)"


_PLACE = re.compile(r"\{(\w+)[^}]*\}")
_PLACES = re.compile(r"(\{\w+[^}]*\})")
_TELLING = 3
"""A sentence with fewer characters of its own would match anything."""
_LONGEST = 400
_DEEPEST = 3
"""What is longer than a sentence and its values, or stands deeper in others, is not looked for: it may be anybody's text."""

ROLE_NAMES = {
    Role.CITY: msgid("市级"),
    Role.DISTRICT: msgid("区级"),
    Role.STREET: msgid("街道"),
    Role.WORKER: msgid("社区工作者"),
    Role.GRID: msgid("网格员"),
    Role.CHIEF: msgid("楼组长"),
    Role.DEPARTMENT: msgid("条线部门"),
    Role.OPERATOR: msgid("运维"),
}
