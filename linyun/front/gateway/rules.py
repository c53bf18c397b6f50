"""What follows from what, in pure functions: how long a token lives and how often it may ask; what is said of a field."""

import hashlib
import math
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from linyun.kernel.words import msgid, say

LONGEST_DAYS = 90
"""A token lives so many days at most; then somebody must want a new one."""

PER_MINUTE = 600
"""So many requests a token may make within one minute of the clock."""

PREFIX = "linyun_"
"""Begins every token, so that scanners of code and logs find one that was left somewhere."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def new_secret() -> str:
    """A token: 256 random bits behind the prefix."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is kept of a token: SHA-256 in hex. A key of 256 random bits needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def minute_of(now: datetime) -> datetime:
    """The beginning of the minute of the clock."""
    return now.replace(second=0, microsecond=0)


def wait(used: int, now: datetime) -> int:
    """Whole seconds until a token that was used so often in this minute may ask again; 0 when it may now."""
    if used <= PER_MINUTE:
        return 0
    return max(1, math.ceil((minute_of(now) + timedelta(minutes=1) - now).total_seconds()))


def has_controls(text: str) -> bool:
    """Whether a text holds control characters other than tab and line ends: PostgreSQL keeps no NUL, and nobody types
    the others."""
    return _CONTROLS.search(text) is not None


VALUE = msgid("请填文字、数字、是否或几个选项")
SENTENCES: Mapping[str, str] = {
    "missing": msgid("请填写这一项"),
    "extra_forbidden": msgid("没有这一项，请不要送"),
    "uuid_parsing": msgid("请填写编号，形如 018f3c1e-7d2a-7b3c-9d4e-5f6a7b8c9d0e"),
    "uuid_type": msgid("请填写编号，形如 018f3c1e-7d2a-7b3c-9d4e-5f6a7b8c9d0e"),
    "int_parsing": msgid("请填整数"),
    "int_type": msgid("请填整数"),
    "int_parsing_size": msgid("这个数字太大"),
    "greater_than_equal": msgid("不应小于 %(ge)s"),
    "less_than_equal": msgid("不应大于 %(le)s"),
    "string_type": msgid("请填文字"),
    "string_too_long": msgid("最多 %(max_length)s 个字"),
    "string_too_short": msgid("请填写这一项"),
    "string_unicode": msgid("文字里有不能保存的字符，请去掉后再送"),
    "too_long": msgid("最多 %(max_length)s 项"),
    "enum": msgid("请从文档列出的值中选择"),
    "model_attributes_type": msgid("请求体应是一个 JSON 对象"),
    "model_type": msgid("请求体应是一个 JSON 对象"),
    "dict_type": msgid("应是一个 JSON 对象"),
    "float_type": msgid("请填数字"),
    "float_parsing": msgid("请填数字"),
    "list_type": msgid("请填一个列表"),
    "bool_type": VALUE,
    "bool_parsing": VALUE,
}
"""What is said of a field, by the kind of error that the parser reports."""
OTHER_TYPES = (msgid("请填整数"), msgid("请填文字"), msgid("请填数字"), msgid("请填一个列表"))
OTHERWISE = msgid("格式不对，请按接口文档填写")


def sentence(error: Mapping[str, Any]) -> str:
    """What is said of one error of the parser (pydantic's mapping: type, ctx); our own validators say it themselves."""
    context = error.get("ctx") or {}
    if error.get("type") == "value_error" and "error" in context:
        return str(context["error"])
    words = say(SENTENCES.get(str(error.get("type")), OTHERWISE))
    return words % context if "%(" in words else words


def field_of(place: Sequence[Any]) -> str:
    """The field to which a place of the parser leads: ("body", "visit", "items", "phone", "str") is of "items.phone"."""
    names = [str(part) for part in place[1:]]
    if place and place[0] == "body" and len(names) > 1:
        names = names[1:]  # the name of our own argument says nothing to the caller
    if len(names) > 1 and names[0] == "items":
        return ".".join(names[:2])
    return names[0] if names else "body"


def sentences(errors: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """One sentence for each field that is not as it should be; of several about one field the first."""
    found: dict[str, str] = {}
    # A value that may be of several types is refused by each; what says more than "another type" is told.
    for error in sorted(errors, key=lambda e: SENTENCES.get(str(e.get("type"))) in (VALUE, *OTHER_TYPES)):
        found.setdefault(field_of(error.get("loc", ())), sentence(error))
    return found
