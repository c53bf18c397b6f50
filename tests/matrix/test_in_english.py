"""Every page that 林老师 can open, in English: what the house itself says there is not Chinese; data stay as they are."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from django.test import Client

from linyun.foundation.areas.models import Area
from tests.characters import CHARACTERS, HERE
from tests.laws.source import CHINESE
from tests.matrix import samples
from tests.matrix.policy import table
from tests.matrix.routes import Route, routes
from tests.matrix.world import CANARIES, Spot, spots

SPEAKING = {"title", "h1", "h2", "h3", "button", "label", "th", "dt", "legend", "summary", "nav"}
"""Elements in which the house speaks; elsewhere names, addresses and what people wrote stand beside its words."""
SPOKEN = ("aria-label", "placeholder", "data-label", "data-ask", "data-reason")
QUOTED = ("邻", "中文", "例如", *samples.TOLD)
"""The mark, the way back to Chinese, and what the samples say."""
HEADS = {
    "/desk/imports/<uuid:import_id>/mapping": ("姓名", "公民身份号码", "联系电话", "现住址", "备注"),
    "/desk/ledgers/forms/<uuid:form_id>": ("姓名", "序号", "联系电话"),
}
"""Heads of uploaded files, shown as they stand there."""
EXAMPLES = re.compile(r"Such as.*|such as .*|年龄 .*|The first row.*|Columns: .*|公交新村\d+号\d+室")


class Words(HTMLParser):
    """What a page says: the text of speaking elements and of spoken attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an attribute says."""
        if tag not in {"input", "img", "link", "meta", "br", "path", "circle", "hr", "rect", "line"}:
            self.open.append(tag)
        self.said += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self.open and self.open.pop() != tag:
            continue

    def handle_data(self, data: str) -> None:
        """Note what a speaking element says."""
        if SPEAKING.intersection(self.open) and "script" not in self.open and data.strip():
            self.said.append(data.strip())


def chinese(html: str, data: list[str]) -> Iterator[str]:
    """What a page says in Chinese that is neither data nor an example."""
    words = Words()
    words.feed(html)
    for said in words.said:
        rest = EXAMPLES.sub("", said)
        for name in data:
            rest = rest.replace(name, "")
        if CHINESE.search(rest):
            yield said


def names(homes: list[Spot]) -> list[str]:
    """The names of people, places and files that the pages of this test may show, the longest first."""
    people = [w for c in CANARIES.values() for w in (*c.signs, *c.hints)] + [c.name for c in CHARACTERS.values()]
    places = Area.objects.values_list("name", flat=True)
    written = ["在岗的人", "名单.csv", "名单", "走访.csv", "空表.xlsx", "的依据", "获奖", "户口迁出", "办理人"]
    return sorted({*people, *places, *written, *QUOTED} - {""}, key=len, reverse=True)


def is_page(route: Route) -> bool:
    """Whether it answers to somebody who opens it."""
    return route.channel == "page" and "GET" in route.methods and route.action in table()


def test_every_page_speaks_english(client_of: Callable[[str], Client]) -> None:
    homes = spots()
    client = client_of("lin")
    client.cookies["language"] = "en"
    home, data, wrong, seen = homes[0], names(homes), {}, 0
    for route in filter(is_page, routes()):
        if samples.area_of(home, route.places).startswith(HERE) or not samples.area_of(home, route.places):
            answer = client.get(route.address(samples.values(home, route.places)))
            if "text/html" in answer.headers.get("Content-Type", "") and answer.status_code == 200:
                seen += 1
                found = sorted(set(chinese(answer.content.decode(), [*data, *HEADS.get(str(route), ())])))
                wrong |= {str(route): found} if found else {}
    assert wrong == {}
    assert seen > 40, "most pages are looked at"


def test_chinese_between_data_is_found() -> None:
    page = '<nav><a>居民</a></nav><h1>周桂芳的标签</h1><p>自由的话</p><input placeholder="姓名"><label>Name</label>'
    assert sorted(chinese(page, ["周桂芳"])) == ["周桂芳的标签", "姓名", "居民"]
