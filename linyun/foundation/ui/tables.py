"""Tables as pages describe them: columns, sorting from an allow-list, bulk actions; drawn by the macro ``table``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from markupsafe import Markup, escape

from linyun.foundation.ui.paging import Page
from linyun.foundation.ui.parts import Empty, chips_html
from linyun.foundation.ui.wording import NOTHING, ago, day, group, noun, shown
from linyun.kernel.words import say

_APART = "\x00"  # no text out of the database holds it
_NO_ID = UUID(int=0)
_SAID: Mapping[str, Callable[[Any], str]] = {"ago": ago, "day": day}
Query = Mapping[str, str] | Sequence[tuple[str, str]]


def value_of(row: Any, key: str) -> Any:
    """A row's value by key: an entry of a dict, else an attribute. KeyError or AttributeError when absent."""
    return row[key] if isinstance(row, dict) else getattr(row, key)


def _escaped(contents: Sequence[Any]) -> list[str]:
    """Each content as HTML: what is Markup as it stands, all others escaped, in one go because there are hundreds."""
    if set(map(type, contents)) == {str}:
        plain = str(escape(_APART.join(contents))).split(_APART)
        if len(plain) == len(contents):
            return plain
    drawn = [None if type(c) is str else getattr(c, "__html__", None) for c in contents]
    texts = ["" if html else str(c).replace(_APART, "") for c, html in zip(contents, drawn, strict=True)]
    safe = str(escape(_APART.join(texts))).split(_APART)
    return [str(html()) if html else text for html, text in zip(drawn, safe, strict=True)]


def leading_to(route: str) -> Callable[[Any], str]:
    """How rows are led to their page by their id: the route is looked up once for all of them."""
    before, after = reverse(route, args=[_NO_ID]).split(str(_NO_ID))
    return lambda row: f"{before}{value_of(row, 'id')}{after}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where its value is found, its head, and how it behaves.

    ``kind``: text · long (wraps) · number · chips (list of str or Chip) · ago · day · custom (the page's call block draws it).
    ``show`` makes the cell from the row when a plain value is not enough; what it returns is escaped unless Markup.
    ``hidden`` columns are offered by the column chooser; ``meaning`` is the definition shown at the head.
    """

    key: str
    label: str
    sortable: bool = False
    numeric: bool = False
    align: Literal["start", "center", "end"] = "start"
    kind: Literal["text", "long", "chips", "ago", "day", "custom"] = "text"
    hidden: bool = False
    meaning: str = ""
    show: Callable[[Any], Any] | None = None

    def draw(self, row: Any) -> Any:
        """The content of one row's cell; text that is not Markup is escaped by the template."""
        return self.contents([row])[0]

    def contents(self, rows: Sequence[Any]) -> list[Any]:
        """The contents of the column's cells by kind. What is said of a day is said once for all rows."""
        values = [self.show(row) for row in rows] if self.show else [value_of(row, self.key) for row in rows]
        if self.kind == "chips":
            return [chips_html(value) if value else NOTHING for value in values]
        if self.kind in _SAID:
            said = {value: _SAID[self.kind](value) for value in set(values)}
            return [said[value] for value in values]
        word = group if self.numeric else shown
        return [word(value) for value in values]

    def opened(self, *, lead: bool) -> tuple[str, str]:
        """How a cell of the column opens, and one of which nothing is known (hidden on a phone). ``lead``: first column."""
        named = f'<td data-col="{self.key}" data-label="{escape(say(self.label))}" class="'
        classes = [
            "num end" if self.numeric else self.align,
            *["lead"] * lead,
            *["chips-cell"] * (self.kind == "chips"),
            *["long"] * (self.kind == "long"),
        ]
        close = '" hidden>' if self.hidden else '">'
        return f"{named}{' '.join(classes)}{close}", f"{named}{' '.join([*classes, 'nil'])}{close}"


@dataclass(frozen=True, slots=True)
class Sort:
    """A chosen order: a column's key and the direction."""

    key: str
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


def parse_sort(text: str, columns: Iterable[Column], default: Sort) -> Sort:
    """The order asked for (``age``, ``-age``), when that column may be sorted; else the default. Never raises."""
    key = text.removeprefix("-")
    if any(c.sortable and c.key == key for c in columns):
        return Sort(key, text.startswith("-"))
    return default


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something to do with the chosen rows: posts ``chosen`` (several) or ``everything=1`` to ``url``.

    ``kind``: "" or "primary" or "danger". ``ask`` is a question put before (``确定导出 23 人吗？``).
    """

    label: str
    url: str
    kind: str = ""
    icon: str = ""
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """All that the macro needs to draw a table.

    ``rows`` a Page or a sequence; ``key`` names the row's identifier; ``href`` gives a row's page; ``noun`` counts
    rows (人, 户, 件); ``query`` is the filter in force without sort and cursor, kept in links; ``actions`` make rows
    selectable; ``note`` stands beside the count (数据截至刚才).
    """

    id: str
    columns: Sequence[Column]
    rows: Page[Any] | Sequence[Any]
    key: str = "id"
    href: Callable[[Any], str] | None = None
    sort: Sort | None = None
    query: Query = ()
    noun: str = ""
    note: str = ""
    caption: str = ""
    actions: Sequence[BulkAction] = ()
    empty: Empty = field(default_factory=lambda: Empty("还没有内容"))
    chooser: bool = True

    @property
    def items(self) -> Sequence[Any]:
        """The rows of this page."""
        return self.rows.rows if isinstance(self.rows, Page) else self.rows

    @property
    def total(self) -> int | None:
        """How many rows there are in all, None when not counted."""
        return self.rows.total if isinstance(self.rows, Page) else len(self.rows)

    def counting(self, n: int) -> str:
        """The noun for so many rows, in the reader's language."""
        return noun(self.noun, n)

    @property
    def selectable(self) -> bool:
        """Whether rows have a box to tick."""
        return bool(self.actions)

    def row_id(self, row: Any) -> str:
        """The identifier sent when the row is chosen."""
        return str(value_of(row, self.key))

    def link(self, row: Any) -> str:
        """The row's page, empty when rows lead nowhere."""
        return self.href(row) if self.href else ""

    def drawn(self, choose: str, caller: Callable[[Any, Column], Any] | None = None) -> Markup:
        """The rows of the table's body. ``choose`` names a row's box; ``caller`` draws cells of kind "custom".

        Drawn here and not in the template because fifty rows of ten cells cost a template ten times as much.
        """
        rows, cells = self.items, []
        links = _escaped([self.link(row) for row in rows])
        begins = [f'<tr data-href="{link}">' if link else "<tr>" for link in links]
        for i, c in enumerate(self.columns):
            contents = [caller(row, c) for row in rows] if c.kind == "custom" and caller else c.contents(rows)
            texts = _escaped(contents)
            if not i and self.selectable:
                cells.append(self._ticks(choose, texts))
            plain, empty = c.opened(lead=not i)
            if not i:
                texts = [f'<a href="{link}">{t}</a>' if link else t for link, t in zip(links, texts, strict=True)]
            both = zip(contents, texts, strict=True)
            cells.append([f"{empty if content == NOTHING else plain}{text}</td>" for content, text in both])
        return Markup("".join(f"{''.join(row)}</tr>\n" for row in zip(begins, *cells, strict=True)))

    def _ticks(self, choose: str, names: Sequence[str]) -> list[str]:
        """The boxes by which rows are chosen, each named for whoever hears the page."""
        before = '<td class="pick"><input type="checkbox" name="chosen" value="'
        after = f'" form="{escape(self.id)}-bulk" aria-label="{escape(choose)} '
        labels = (name if "<" not in name else escape(Markup(name).striptags()) for name in names)
        ids = _escaped([self.row_id(row) for row in self.items])
        return [f'{before}{pk}{after}{label}"></td>' for pk, label in zip(ids, labels, strict=True)]

    def _address(self, **extra: str) -> str:
        pairs = list(self.query.items() if isinstance(self.query, Mapping) else self.query)
        kept = [(k, v) for k, v in pairs if k not in ("sort", "after")]
        return "?" + urlencode([*kept, *((k, v) for k, v in extra.items() if v)])

    def sort_url(self, column: Column) -> str:
        """Where a click on the head leads: this column, turned round when it already rules."""
        same = self.sort is not None and self.sort.key == column.key
        wanted = replace(self.sort, descending=not self.sort.descending) if same and self.sort else Sort(column.key)
        return self._address(sort=str(wanted))

    def sorted_by(self, column: Column) -> str:
        """``ascending``, ``descending`` or "" for the head's aria-sort."""
        if self.sort is None or self.sort.key != column.key:
            return ""
        return "descending" if self.sort.descending else "ascending"

    @property
    def next_url(self) -> str:
        """The address of what follows, empty at the end."""
        cursor = self.rows.next if isinstance(self.rows, Page) else None
        return self._address(sort=str(self.sort) if self.sort else "", after=cursor) if cursor else ""

    @property
    def filter_text(self) -> str:
        """The filter in force as a query string: sent with "everything" so that the server can repeat it."""
        return self._address()[1:]
