"""Words for people: sentences in the reader's language, and names of codes that are the house's own.

The kernel speaks Chinese by itself. Whoever knows the reader installs a tongue once (``speak``); ``say`` then gives a
sentence in the language of the moment. A msgid is a whole Chinese sentence with ``{named}`` places, written where it is
said, so that it can be collected for translation; names in the catalogue are msgids as well.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from linyun.kernel.declare import Role

Lang: TypeAlias = Literal["zh", "en"]


def _chinese() -> Lang:
    return "zh"


class _Tongue:
    """Which language is spoken now, and how a Chinese sentence is said in English."""

    lang: Callable[[], Lang] = staticmethod(_chinese)
    english: Callable[[str], str] = staticmethod(str)


def speak(lang: Callable[[], Lang], english: Callable[[str], str]) -> None:
    """Install the tongue: ``lang`` tells the language of the moment, ``english`` the English of a msgid."""
    _Tongue.lang, _Tongue.english = staticmethod(lang), staticmethod(english)


def lang() -> Lang:
    """The language of the moment."""
    return _Tongue.lang()


def msgid(text: str) -> str:
    """The text as it is: marks a constant whose words are said elsewhere."""
    return text


def english(msgid: str, /, **values: object) -> str:
    """The sentence in English, whoever reads."""
    text = _Tongue.english(msgid) if msgid else ""
    return text.format_map(values) if values else text


def say(msgid: str, /, **values: Any) -> str:
    """The sentence in the language of the moment, with ``values`` in its places. Chinese costs no look-up."""
    text = msgid if not msgid or _Tongue.lang() == "zh" else _Tongue.english(msgid)
    return text.format_map(values) if values else text


def listed(words: Any) -> str:
    """Some words one after another, as the language of the moment lists them."""
    return ("、" if _Tongue.lang() == "zh" else ", ").join(words)


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
