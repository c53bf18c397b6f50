"""What header words mean: the items' own names, the special targets of a table, and whose data a column holds."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz, process

from linyun.hub.exchange.reading.specials import ADDRESS_PARTS, SPECIALS
from linyun.kernel.declare import Item, Subject
from linyun.kernel.values.text import clean, dashes
from linyun.kernel.words import say

OTHERS = re.compile(
    r"(?:紧急|第[一二三四]|备用|其他)?(?:联系人|联络人)|监护人|房东|出租人|配偶|丈夫|妻子|子女|父亲|母亲|父母|儿子|女儿|"
    r"法人|法定代表人|负责人|业委会|物业|安全负责人|楼组长|楼长|网格员|网格长|帮扶|结对|介绍人|照料人|护理员|填表|填报|审核|经办|走访人|走访者|代理人|委托人|亲属|家属|民警|社工|担保人|推荐人|"
    r"参与|培养|单位"
)
"""Headers that begin so speak of somebody else than the row's own person."""

_SELF = re.compile(
    r"(?:居民|本人|老人|老年人|人员|被访者|被走访人|被走访者|走访对象|对象|住户|学生|儿童|党员|残疾人|业主|产权人|"
    r"租户|租客|承租人|个人|成员|家庭成员|员工|从业人员|从业者|申请人|人口|房屋|户内人员)(?:的)?"
)
_SUFFIX = re.compile(r"(?:情况|信息|名称|名字|号|号码|代码|一栏|栏|填写|名)\Z")
_SIMPLIFIED = str.maketrans(
    "門證號電話單戶與關係編樓層區現聯絡機備註說齡別業車類體況婦兒學歷",
    "门证号电话单户与关系编楼层区现联络机备注说龄别业车类体况妇儿学历",
)
_BRACKET = re.compile(r"[(\[【{][^()\[\]【】{}]*[)\]】}]")
_SIGNS = re.compile(r"[\s*※★·:;。,、_\"'“”‘’|]+")
_NUMBERING = re.compile(r"\A\d{1,2}[.、)]")
_LETTERS = re.compile(r"[A-Za-z\u3400-\u9fff№]")


class Candidate(NamedTuple):
    """A meaning that a header may have. ``target``: "person.name" for an item, "@address" for a special."""

    target: str
    score: float
    reason: str


def fold(header: str) -> str:
    """A header without blanks, signs, numbering and remarks in brackets."""
    text = dashes(clean(header)).translate(_SIMPLIFIED)
    bare = _SIGNS.sub("", _NUMBERING.sub("", _BRACKET.sub("", text)))
    return (bare or _SIGNS.sub("", text).strip("()[]【】")).upper()


def target_of(item: Item) -> str:
    """The target of an item: its own, or the special one that means the same place."""
    if item.subject is Subject.DWELLING and item.code in ADDRESS_PARTS:
        return f"@{item.code}"
    if item.subject in (Subject.PERSON, Subject.DWELLING):
        for special in ("@registered", "@address"):
            if item.name in SPECIALS[special]:
                return special
    if item.subject is Subject.HOUSEHOLD and item.name == "户号":
        return "@household"
    return f"{item.subject}.{item.code}"


class Vocabulary:
    """All header wordings known: those of ``items`` and the special ones. ``look`` tells what a header may mean."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items: dict[str, Item] = {}
        self._index: dict[str, list[str]] = defaultdict(list)
        for special, words in SPECIALS.items():
            for word in words:
                self._add(word, special)
        for item in items:
            target = target_of(item)
            self.items.setdefault(f"{item.subject}.{item.code}", item)
            for word in (item.name, *item.names):
                self._add(word, target)
        for word in SPECIALS["@visited"]:
            self._add(word, "person.name")
        self.plain = frozenset(
            word
            for words in (*SPECIALS.values(), *((i.name, *i.names) for i in self.items.values()))
            for word in words
            if len(word) >= 2
        )
        self._keys = [k for k in self._index if len(k) >= 2]
        self._memo: dict[str, list[Candidate]] = {}

    def _add(self, word: str, target: str) -> None:
        targets = self._index[fold(word)]
        if target not in targets:
            targets.append(target)

    def look(self, header: str) -> list[Candidate]:
        """What a header may mean, the likeliest first; [] when nothing is like it or it speaks of somebody else."""
        key = fold(header)
        if key not in self._memo:
            self._memo[key] = self._look(key) if key and len(key) <= 40 and _LETTERS.search(key) else []
        return self._memo[key]

    def score(self, header: str) -> float:
        """How surely a text is a header word: 0 … 1."""
        found = self.look(header)
        return found[0].score if found else 0.0

    def _exact(self, key: str, score: float, reason: str) -> list[Candidate]:
        return [Candidate(t, score, reason) for t in self._index.get(key, ())]

    def _look(self, key: str) -> list[Candidate]:
        if found := self._exact(key, 1.0, say("列名就是它")):
            return found + [c for c in self._owns(key) if c.target not in {f.target for f in found}]
        if "/" in key:
            parts = [c for part in key.split("/") for c in self._exact(part, 0.9, say("列名里有“{part}”", part=part))]
            if parts:
                return parts
        if own := self._owns(key):
            return own
        if OTHERS.match(key):
            return []
        if (end := _SUFFIX.search(key)) and (
            found := self._exact(key[: end.start()], 0.8, say("列名去掉“{tail}”就是它", tail=end[0]))
        ):
            return found
        return self._inside(key) or self._near(key)

    def _owns(self, key: str) -> list[Candidate]:
        """Meanings after a word for the row's own person is taken off: 业主电话, 老人姓名, 业主名称."""
        own = _SELF.match(key)
        if own is None:
            return []
        bare = key[own.end() :]
        if bare in ("名称", "名", "名字"):
            return [Candidate("person.name", 0.8, "列名像人的名称")] if own[0] != "房屋" else []
        return self._exact(bare, 0.9, say("列名去掉“{word}”就是它", word=own[0]))

    def _inside(self, key: str) -> list[Candidate]:
        """The longest known wording at the end of the header (where its noun stands), at least a half of it."""
        inside = [
            k for k in self._keys if 2 * len(k) >= len(key) and (key.endswith(k) or key.rstrip("0123456789一二") == k)
        ]
        if not inside:
            return []
        longest = max(inside, key=len)
        return self._exact(longest, 0.55 + 0.2 * len(longest) / len(key), say("列名里有“{part}”", part=longest))

    def _near(self, key: str) -> list[Candidate]:
        if len(key) < 4:
            return []
        near = process.extractOne(key, self._keys, scorer=fuzz.ratio, score_cutoff=74)
        return self._exact(near[0], 0.5, say("列名像“{near}”", near=near[0])) if near else []
