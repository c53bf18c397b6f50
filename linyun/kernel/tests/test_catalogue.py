"""The door of the catalogue: what is declared twice, by nobody, or wrongly never gets in, and is told by name."""

from collections.abc import Callable
from typing import Any

import pytest

from linyun.kernel.catalogue import Catalogue
from linyun.kernel.declare import (
    Action,
    Card,
    Code,
    CodeSet,
    Column,
    DeclarationError,
    Department,
    Erasure,
    Item,
    Kind,
    Ledger,
    LedgerSource,
    Level,
    Manifest,
    Menu,
    Relation,
    Rhythm,
    Role,
    Source,
    Subject,
    Tag,
    Term,
)
from linyun.kernel.rule import Vocabulary

COMMUNITY = Department("community", "社区")
SEX = CodeSet("sex", "性别", "GB/T 2261.1-2003", (Code("1", "男"), Code("2", "女")))


def item(code: str = "phone", **more: Any) -> Item:
    """An item of persons in which everything is stated."""
    stated: dict[str, Any] = {
        "subject": Subject.PERSON, "name": "电话", "kind": Kind.PHONE, "owner": "community", "level": Level.PERSONAL,
        "purpose": "联系本人", "basis": "条例",
    }  # fmt: skip
    return Item(code, **(stated | more))


def tag(code: str = "lone", **more: Any) -> Tag:
    """A tag in which everything is stated."""
    stated: dict[str, Any] = {
        "name": "独居", "path": ("人", "民政", "老人"), "subject": Subject.PERSON, "meaning": "一人住",
        "purpose": "探访", "owner": "community", "level": Level.PERSONAL,
    }  # fmt: skip
    return Tag(code, **(stated | more))


def ledger(code: str = "elders", **more: Any) -> Ledger:
    """A ledger in which everything is stated."""
    stated: dict[str, Any] = {"name": "老人", "group": "服务", "source": "person", "columns": (Column("姓名", "name"),)}
    return Ledger(code, **(stated | more))


PERSONS = LedgerSource("person", "居民", Subject.PERSON, "records_person {s}")
AGE = Term("age", "年龄", Subject.PERSON, Kind.INTEGER, "1")
KIN = Relation("kin", "亲属", Subject.PERSON, Subject.PERSON, "x")
SEE = Action("person.see", "看居民", frozenset({Role.WORKER}))
MENU = Menu("people", "居民", "people", "users", "person.see", 1)
CARD = Card("visits", "resident", 1, "person.see", str)
WEEKLY = Rhythm("weekly", "每周", "年龄 >= 80", 7, "本产品自定", "居委会通常做法")
VISIT = Source("visit", "走访", 40)

ALL: dict[str, Any] = {
    "items": item(), "code_sets": SEX, "departments": COMMUNITY, "sources": VISIT, "tags": tag(), "rhythms": WEEKLY,
    "terms": AGE, "relations": KIN, "ledgers": ledger(), "ledger_sources": PERSONS, "actions": SEE, "menu": MENU,
    "cards": CARD, "erasures": Erasure("visit", 365, "erase"),
}  # fmt: skip


def opened(*manifests: Manifest) -> Catalogue:
    """A catalogue of these."""
    catalogue = Catalogue()
    catalogue.open_with(manifests)
    return catalogue


def whole(**instead: Any) -> Manifest:
    """A manifest with one entry of each kind; ``instead``: other entries of a kind."""
    return Manifest("house", **{kind: instead.get(kind, (entry,)) for kind, entry in ALL.items()})


def test_what_is_declared_is_found_by_its_code() -> None:
    catalogue = opened(whole())
    assert catalogue.is_open
    assert catalogue.item(Subject.PERSON, "phone").name == "电话"
    assert [i.code for i in catalogue.items_of(Subject.PERSON)] == ["phone"]
    assert catalogue.items_of(Subject.DWELLING) == []
    assert (catalogue.tags["lone"].name, catalogue.ledgers["elders"].name) == ("独居", "老人")
    assert catalogue.terms[Subject.PERSON, "age"] is AGE


def test_what_nobody_declares_is_not_made_up() -> None:
    with pytest.raises(KeyError):
        opened(whole()).item(Subject.PERSON, "faith")
    with pytest.raises(KeyError):
        opened(whole()).item(Subject.DWELLING, "phone")


@pytest.mark.parametrize("kind", ALL)
def test_two_apps_cannot_declare_the_same(kind: str) -> None:
    with pytest.raises(DeclarationError, match="is declared twice"):
        opened(whole(), Manifest("other", **{kind: (ALL[kind],)}))


def test_one_app_is_read_once() -> None:
    with pytest.raises(DeclarationError, match="app 'house' is declared twice"):
        opened(whole(), Manifest("house"))


def test_the_same_code_may_stand_under_another_subject() -> None:
    both = (item(), item(subject=Subject.ORGANISATION))
    catalogue = opened(whole(items=both))
    assert {s for s, code in catalogue.items if code == "phone"} == {Subject.PERSON, Subject.ORGANISATION}


def test_an_open_catalogue_is_closed_to_more() -> None:
    catalogue = opened(whole())
    with pytest.raises(DeclarationError, match="already open"):
        catalogue.open_with([Manifest("late", items=(item("late"),))])
    assert (Subject.PERSON, "late") not in catalogue.items


@pytest.mark.parametrize(
    ("instead", "says"),
    [
        ({"items": (item("sex", kind=Kind.CODE, code_set="gender"),)}, "item sex: code set 'gender'"),
        ({"items": (item(owner="church"),)}, "item phone: department 'church'"),
        ({"tags": (tag(owner="church"),)}, "tag lone: department 'church'"),
        ({"sources": (Source("police", "公安", 20, "police"),)}, "source police: department 'police'"),
        ({"terms": (Term("nation", "民族", Subject.PERSON, Kind.CODE, "1", "nation"),)}, "term nation: code set"),
        ({"terms": (Term("phone", "电话", Subject.PERSON, Kind.PHONE, "1"),)}, "term phone: an item"),
        ({"ledgers": (ledger(source="people"),)}, "ledger elders: source 'people'"),
        ({"menu": (Menu("people", "居民", "people", "users", "person.watch", 1),)}, "people: action 'person.watch'"),
        ({"cards": (Card("visits", "resident", 1, "person.watch", str),)}, "visits: action 'person.watch'"),
    ],
)
def test_whoever_names_what_nobody_declares_is_refused_by_name(instead: dict[str, Any], says: str) -> None:
    with pytest.raises(DeclarationError, match="declared by nobody|has the same code") as refused:
        opened(whole(**instead))
    assert says in str(refused.value)


def test_a_refused_catalogue_stays_shut() -> None:
    catalogue = Catalogue()
    with pytest.raises(DeclarationError):
        catalogue.open_with([whole(items=(item(owner="church"),))])
    assert not catalogue.is_open


def test_menus_and_cards_come_in_their_order_whoever_declares_them_first() -> None:
    menus = [Menu(c, c, c, "i", "person.see", n) for c, n in (("c", 3), ("a", 1), ("b", 2))]
    cards = [Card(c, "resident", n, "person.see", str) for c, n in (("z", 9), ("y", 1))]
    catalogue = opened(whole(menu=tuple(menus), cards=tuple(cards)))
    assert [m.code for m in catalogue.menu] == ["a", "b", "c"]
    assert [c.code for c in catalogue.cards] == ["y", "z"]


MALFORMED: list[tuple[Callable[[], object], str]] = [
    (lambda: item("Phone"), "item 'Phone': a code is lower-case"),
    (lambda: item("电话"), "item '电话'"),
    (lambda: item("phone "), "item 'phone '"),
    (lambda: item("1phone"), "item '1phone'"),
    (lambda: item(""), "item ''"),
    (lambda: item(name=""), "item phone: name must be stated"),
    (lambda: item(name="  "), "item phone: name must be stated"),
    (lambda: item(purpose=""), "item phone: a purpose, a legal basis and an owner"),
    (lambda: item(basis=""), "item phone: a purpose, a legal basis and an owner"),
    (lambda: item(owner=""), "item phone: a purpose, a legal basis and an owner"),
    (lambda: item(kind=Kind.CODE), "item phone: kind code and code set '' do not fit"),
    (lambda: item(code_set="sex"), "item phone: kind phone and code set 'sex' do not fit"),
    (lambda: item(kind=Kind.INTEGER, low=10, high=10), "item phone: low 10 is not below high 10"),
    (lambda: item(fresh_days=0), "item phone: fresh for 0 days"),
    (lambda: tag("Lone"), "tag 'Lone'"),
    (lambda: tag(name=""), "tag lone: name must be stated"),
    (lambda: tag(meaning="", purpose=""), "tag lone: meaning, purpose must be stated"),
    (lambda: tag(owner=""), "tag lone: owner must be stated"),
    (lambda: tag(expires_days=0), "tag lone: it would end after 0 days"),
    (lambda: ledger("elders 80"), "ledger 'elders 80'"),
    (lambda: Department("民政", "民政"), "department '民政'"),
    (lambda: Department("civil", ""), "department civil: name"),
    (lambda: Source("visit", "", 1), "source visit: name"),
    (lambda: Action("person see", "看", frozenset()), "action 'person see'"),
    (lambda: Rhythm("weekly", "每周", "年龄 >= 80", 0, "自定", "做法"), "rhythm weekly: 0 days"),
    (lambda: Rhythm("weekly", "每周", "年龄 >= 80", 3661, "自定", "做法"), "rhythm weekly: 3661 days"),
    (lambda: Rhythm("weekly", "每周", "年龄 >= 80", 7, "", "做法"), "rhythm weekly: a name, a rule, a jurisdiction"),
    (lambda: CodeSet("sex", "性别", "GB", (Code("1", "男"), Code("1", "女"))), "code set sex: a code stands twice"),
    (lambda: CodeSet("Sex", "性别", "GB", ()), "code set 'Sex'"),
]


@pytest.mark.parametrize(("build", "says"), MALFORMED, ids=[says for _, says in MALFORMED])
def test_a_malformed_declaration_is_refused_where_it_is_made(build: Callable[[], object], says: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        build()
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "name", ["信访情况", "宗教信仰", "政治倾向", "前科", "吸毒史", "社区矫正", "思想动态", "信 访", "党外异见"]
)
def test_what_has_no_place_here_cannot_be_declared_under_any_kind(name: str) -> None:
    """Rules, forms and imports all read the vocabulary: what it refuses cannot be asked of anybody."""
    kept = {"code_sets": [SEX]}
    for words in (
        {"items": [item("thing", name=name, kind=Kind.TEXT)]},
        {"items": [item("thing", kind=Kind.TEXT, names=(name,))]},
        {"tags": [tag("thing", name=name)]},
        {"terms": [Term("thing", name, Subject.PERSON, Kind.TEXT, "1")]},
        {"relations": [Relation("thing", name, Subject.PERSON, Subject.PERSON, "x")]},
    ):
        with pytest.raises(DeclarationError, match="不得按"):
            Vocabulary(**({"items": [], "terms": [], "relations": [], "tags": []} | kept | words))


@pytest.mark.parametrize("code", ["religion", "petitioner", "criminal_record", "drug_user", "faith"])
def test_an_english_code_does_not_help(code: str) -> None:
    with pytest.raises(DeclarationError, match="不得按"):
        Vocabulary(items=[item(code, name="情况", kind=Kind.TEXT)], terms=[], relations=[], tags=[], code_sets=[])


def test_a_code_set_names_its_codes_and_leaves_unknown_ones_as_they_are() -> None:
    assert SEX.name_of("2") == "女"
    assert SEX.name_of("7") == "7"
    assert CodeSet("sex", "性别", "GB/T 2261.1-2003", (Code("1", "男"), Code("2", "女"))) == SEX
    assert hash(SEX)
