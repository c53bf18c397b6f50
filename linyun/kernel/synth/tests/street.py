"""The committees of 四平路街道 and worlds of theirs, made once for all tests of the data maker."""

from datetime import date
from functools import cache

from linyun.kernel.synth.characters import characters
from linyun.kernel.synth.estates import Area
from linyun.kernel.synth.world import World, generate

TODAY = date(2026, 11, 23)
STREET = tuple(
    Area(f"310110009{number}", f"{name}居委会")
    for number, name in (
        ("001", "控江路二零二六弄"),
        ("002", "鞍山三村"),
        ("003", "鞍山四村第一"),
        ("004", "鞍山四村第二"),
        ("005", "鞍山四村第三"),
        ("006", "鞍山五村"),
        ("007", "鞍山六村"),
        ("008", "鞍山七村"),
        ("009", "鞍山八村"),
        ("010", "抚顺路三六三弄"),
        ("011", "大连西路四弄"),
        ("012", "同济新村"),
        ("013", "密云路"),
        ("016", "公交新村"),
        ("017", "铁岭路五十弄"),
        ("018", "铁岭路九十弄"),
        ("019", "鞍山一村第二"),
        ("021", "鞍山一村第三"),
        ("022", "鞍山路三一零弄"),
        ("023", "金安"),
        ("025", "同济绿园"),
        ("026", "鞍山一村第一"),
        ("027", "和平花苑"),
    )
)
PEOPLE = 120_000


@cache
def large() -> World:
    """120,000 people in 23 committees: enough for shares to settle within half a percent."""
    return generate(STREET, PEOPLE, 20261123, TODAY)


@cache
def known() -> World:
    """40,000 people with the known characters among them."""
    return characters(generate(STREET, 40_000, 7, TODAY))
