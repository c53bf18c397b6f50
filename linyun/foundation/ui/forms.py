"""Fields as macros draw them, made from catalogue items or from Django's form fields, and items read back."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.forms import BaseForm, BoundField
from django.utils.translation import gettext as _

from linyun.foundation.ui.wording import identity_mask, phone_mask
from linyun.kernel.declare import CodeSet, Item, Kind, Level
from linyun.kernel.values import dates, identity, phones, reading
from linyun.kernel.values.parsed import BLANK, Parsed, refuse
from linyun.kernel.values.text import clean
from linyun.kernel.words import say

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. ``kind``: text, textarea, number, date, choice, choices, yes_no, check, password, email,
    tel, file, hidden. ``shown`` words the value where it differs from what is sent; ``source`` is its origin line."""

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    shown: str = ""
    unit: str = ""
    options: Options = ()
    required: bool = False
    help: str = ""
    error: Sequence[str] = ()
    source: str = ""
    low: Any = ""
    high: Any = ""
    autocomplete: str = "off"


_KINDS = {
    Kind.TEXT: "text",
    Kind.INTEGER: "number",
    Kind.DECIMAL: "number",
    Kind.DATE: "date",
    Kind.BOOLEAN: "yes_no",
    Kind.CODE: "choice",
    Kind.CODES: "choices",
    Kind.IDENTITY: "text",
    Kind.PHONE: "tel",
    Kind.AREA: "text",
}


def item_field(
    item: Item,
    value: Any = None,
    *,
    code_set: CodeSet | None = None,
    source: str = "",
    error: str = "",
    required: bool = False,
    typed: Any = None,
) -> Field:
    """The field of a catalogue item. Identity numbers and phones are never sent to the page in full: their field is
    empty and the masked value is shown as what is known. ``code_set`` is needed for items of kind CODE and CODES.
    ``typed`` is what was posted and refused: it stands in the field again, whatever the kind."""
    options = tuple((c.code, say(c.name)) for c in code_set.codes) if code_set else ()
    known = "" if value is None else value
    shown, words = "", say(item.help)
    if item.kind in (Kind.IDENTITY, Kind.PHONE) and known:
        masked = identity_mask(known) if item.kind is Kind.IDENTITY else phone_mask(known)
        words = " ".join(part for part in (_("已有 %(masked)s，不改请留空。") % {"masked": masked}, words) if part)
        known = ""
    if typed is not None:
        known = typed
    return Field(
        name=item.code,
        label=say(item.name),
        kind=_KINDS[item.kind],
        value=known,
        shown=shown,
        unit=say(item.unit),
        options=options,
        required=required,
        help=words,
        error=(error,) if error else (),
        source=source,
        low="" if item.low is None else item.low,
        high="" if item.high is None else item.high,
    )


def needs_reason(item: Item) -> bool:
    """Whether seeing the item's value takes a stated reason."""
    return item.level >= Level.SENSITIVE


# Digits only: an exponent ("1e999999") would make a number that fills the memory.
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,8})?\Z", re.ASCII)


def _number(kind: Kind) -> Callable[[str], Parsed[Any]]:
    def read(text: str) -> Parsed[Any]:
        plain = clean(text).replace(",", "")
        if not plain:
            return BLANK
        if not _NUMBER.match(plain):
            return refuse(_("请填数字，例如 3"))
        number = Decimal(plain)
        if kind is Kind.DECIMAL:
            return Parsed(number)
        return Parsed(int(number)) if number == int(number) else refuse(_("请填整数，例如 3"))

    return read


def _phones(text: str) -> Parsed[Any]:
    found = phones.parse(text)
    return Parsed("; ".join(found.value) if found.value else None, found.problem)


def _yes_no(text: str) -> Parsed[Any]:
    if text == "":
        return BLANK
    return Parsed(text == "1") if text in ("1", "0") else refuse(_("请选是或否"))


def _text(text: str) -> Parsed[Any]:
    return Parsed(clean(text) or None)


_READERS: Mapping[Kind, Callable[[str], Parsed[Any]]] = {
    Kind.INTEGER: _number(Kind.INTEGER),
    Kind.DECIMAL: _number(Kind.DECIMAL),
    Kind.BOOLEAN: _yes_no,
    Kind.PHONE: _phones,
    Kind.IDENTITY: identity.parse,
}


def _within(item: Item, value: Any) -> str:
    if item.low is not None and value < item.low:
        return _("不应小于 %(low)g%(unit)s") % {"low": item.low, "unit": say(item.unit)}
    if item.high is not None and value > item.high:
        return _("不应大于 %(high)g%(unit)s") % {"high": item.high, "unit": say(item.unit)}
    return ""


def read_item(
    item: Item, posted: Sequence[str], code_set: CodeSet | None = None, today: date | None = None
) -> Parsed[Any]:
    """What was posted for an item, in its normal form; a problem is a sentence to stand beside the field.

    What an item's validator refuses in a file is refused here too: a birth after ``today``, a postcode of three digits.
    Values by kind: str, int, Decimal, date, bool, one code, a list of codes. Blank stays None.
    """
    first = posted[0].strip() if posted else ""
    validator = item.validator or reading.USUAL.get(item.code, "")
    if item.kind in (Kind.CODE, Kind.CODES):
        known = {c.code for c in code_set.codes} if code_set else set()
        chosen = [p for p in posted if p]
        if any(p not in known for p in chosen):
            return refuse(_("请从列出的选项中选择"))
        if not chosen:
            return BLANK
        return Parsed(chosen[0]) if item.kind is Kind.CODE else Parsed(chosen)
    if item.kind is Kind.DATE:
        return dates.parse(first, reading.bounds_of(validator, reading.Circumstances(today))) if first else BLANK
    if first and (special := reading.VALIDATORS.get(validator)):
        return special(first)
    found = _READERS.get(item.kind, _text)(first)
    if found.value is not None and item.kind in (Kind.INTEGER, Kind.DECIMAL) and (said := _within(item, found.value)):
        return refuse(said)
    return found


_INPUTS = {"password", "email", "tel", "number", "date", "file"}


def _bound_kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    kind = str(getattr(widget, "input_type", "") or "")
    if kind == "select":
        return "choices" if getattr(widget, "allow_multiple_selected", False) else "choice"
    if kind in ("checkbox", "radio"):
        several = getattr(widget, "allow_multiple_selected", False)
        return "choices" if several else ("choice" if kind == "radio" else "check")
    return kind if kind in _INPUTS else ("text" if kind else "textarea")


def bound_field(bound: BoundField) -> Field:
    """A field of a Django form, for pages made of forms of other packages (sign-in, second factor)."""
    kind = _bound_kind(bound)
    options = [
        (str(v), str(n)) for v, n in getattr(bound.field, "choices", ()) if not isinstance(n, list | tuple) and v != ""
    ]
    value = "" if kind == "password" else bound.value()
    return Field(
        name=bound.html_name,
        label=str(bound.label or ""),
        kind=kind,
        value="" if value is None else value,
        options=options,
        required=bound.field.required,
        help=str(bound.help_text or ""),
        error=list(map(str, bound.errors)),
        autocomplete=str(bound.field.widget.attrs.get("autocomplete", "off")),
    )


def fields_of(form: BaseForm) -> list[Field]:
    """All fields of a Django form, hidden ones included, in order."""
    return [bound_field(form[name]) for name in form.fields]
