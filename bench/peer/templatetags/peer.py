"""The words that Django's template language lacks, as a Django developer would add them."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from linyun.foundation.ui.icons import icon as drawn
from linyun.foundation.ui.tables import Column, Table
from linyun.foundation.ui.wording import group as grouped
from linyun.kernel.ids import uuid7
from linyun.kernel.words import say

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The SVG of one icon."""
    return mark_safe(drawn(name, label))


@register.simple_tag
def client_key() -> str:
    """A key of this submission."""
    return str(uuid7())


@register.filter
def named(label: str) -> str:
    """A declared word in the reader's language."""
    return say(label)


@register.filter
def cell(row: Any, column: Column) -> Any:
    """The content of a cell."""
    content = column.draw(row)
    return mark_safe(content) if hasattr(content, "__html__") else content


@register.filter
def sort_url(column: Column, table: Table) -> str:
    """Where the head of a column leads."""
    return table.sort_url(column)


@register.filter
def sorted_by(column: Column, table: Table) -> str:
    """The order that rules over a column."""
    return table.sorted_by(column)


@register.filter
def group(value: Any) -> str:
    """A number with its thousands."""
    return grouped(value)
