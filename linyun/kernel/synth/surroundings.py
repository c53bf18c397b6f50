"""Shops and units along the street, facilities of the estates, and the people who work for the committee."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from linyun.kernel.synth import names
from linyun.kernel.synth.codes import PLACE_TYPE
from linyun.kernel.synth.draft import FEMALE, MALE
from linyun.kernel.synth.estates import Area
from linyun.kernel.synth.numbers import Numbers, social_credit_codes, uuids

Rng = np.random.Generator

TRADES = (
    ("H", "2", "面馆 小吃店 包子铺 家常菜馆 生煎店 馄饨店"),
    ("F", "2", "便利店 水果店 烟杂店 粮油店 文具店 五金店 鲜花店"),
    ("O", "2", "理发店 洗衣店 修鞋铺 家电维修部 裁缝铺 足浴店"),
    ("F", "1", "大药房"),
    ("K", "1", "房产经纪门店"),
    ("P", "1", "托育中心 书画社"),
    ("K", "6", "物业服务处"),
    ("Q", "3", "社区长者食堂 日间照料中心 综合为老服务中心"),
    ("R", "3", "老年协会 志愿服务队 读书会"),
)
BRANDS = (
    "福满",
    "邻里",
    "兴隆",
    "永和里",
    "阿姨",
    "好邻居",
    "万家",
    "春晖",
    "德顺",
    "老弄堂",
    "金桥边",
    "和兴",
    "美华",
    "吉祥",
    "佳园",
    "乐居",
    "新苑",
    "同心",
    "暖阳",
)
_WORKERS = 8


def _people(rng: Rng, count: int, women: float, first_year: int, last_year: int) -> pl.Series:
    """Invented names of grown people."""
    sex = np.where(rng.random(count) < women, FEMALE, MALE).astype(np.int8)
    given = names.draw_given(rng, sex, rng.integers(first_year, last_year, count))
    return names.write_names(names.draw_surnames(rng, count), given)


def workers(
    rng: Rng, committees: Sequence[Area], buildings: pl.DataFrame, people: pl.DataFrame, numbers: Numbers, at_ms: int
) -> pl.DataFrame:
    """Eight workers a committee, a grid worker a grid, and in every third building a chief (楼组长) who lives there.

    ``people``: persons with ``lives`` and ``age``.
    """
    codes = pl.Series([c.code for c in committees]).gather(np.repeat(np.arange(len(committees)), _WORKERS))
    grids = _real(buildings)["grid"].unique(maintain_order=True)
    frames = [
        pl.DataFrame({"area": areas, "name": _people(rng, len(areas), women, low, high)}).with_columns(
            role=pl.lit(role), phone=numbers.phone_numbers(len(areas))
        )
        for role, areas, women, low, high in (("worker", codes, 0.8, 1968, 1999), ("grid", grids, 0.6, 1970, 1998))
    ]
    fit = people.filter(pl.col("lives") & pl.col("age").is_between(50, 78) & pl.col("phone").is_not_null())
    chiefs = fit.group_by("area", maintain_order=True).first().filter(pl.col("area").str.tail(1).is_in(["1", "4", "7"]))
    frames.append(chiefs.select("area", "name", "phone", role=pl.lit("chief"), person_id="id"))
    frame = pl.concat(frames, how="diagonal")
    return frame.select(uuids(rng, frame.height, at_ms).alias("id"), "area", "name", "role", "phone", "person_id")


def _real(buildings: pl.DataFrame) -> pl.DataFrame:
    """Buildings that stand, without the pseudo-addresses."""
    return buildings.filter(pl.col("kind").is_in(["collective", "demolished"]).not_())


def organisations(
    rng: Rng, committees: Sequence[Area], buildings: pl.DataFrame, numbers: Numbers, at_ms: int
) -> pl.DataFrame:
    """Ten to thirty shops and units a committee, at the buildings along its first grid."""
    count = rng.integers(10, 31, len(committees))
    row = np.repeat(np.arange(len(committees)), count).tolist()
    total = len(row)
    trade = rng.choice(len(TRADES), total, p=[0.26, 0.27, 0.2, 0.05, 0.08, 0.03, 0.03, 0.04, 0.04])
    kinds = np.array([t[1] for t in TRADES])[trade]
    shops = [t[2].split() for t in TRADES]
    brand, shop = rng.integers(0, len(BRANDS), total), rng.integers(0, 1000, total)
    first = buildings.group_by("committee", maintain_order=True).first()
    homes = {code: (area, address) for code, area, address in first.select("committee", "area", "address").rows()}
    at = [homes[committees[i].code] for i in row]
    codes = social_credit_codes(
        rng, [committees[i].code[:6] for i in row], np.where(kinds == "2", 2, 1).astype(np.uint8)
    )
    return pl.DataFrame(
        {
            "id": uuids(rng, total, at_ms),
            "area": [area for area, _ in at],
            "name": [BRANDS[b] + shops[t][s % len(shops[t])] for b, t, s in zip(brand, trade, shop, strict=True)],
            "uscc": codes,
            "organisation_type": kinds.tolist(),
            "industry": [TRADES[t][0] for t in trade],
            "address": [f"{address}底商{number}号" for (_, address), number in zip(at, shop % 60 + 1, strict=True)],
            "contact_name": _people(rng, total, 0.45, 1962, 1998),
            "contact_phone": numbers.phone_numbers(total),
            "staff_count": np.maximum(1, rng.poisson(5, total)),
        }
    )


def places(rng: Rng, buildings: pl.DataFrame, at_ms: int) -> pl.DataFrame:
    """Lifts and hydrants by building, and what stands once or twice in a grid."""
    real = _real(buildings)
    first = real.group_by("grid", maintain_order=True).first()
    chosen = (
        ("lift", real.filter(pl.col("has_lift"))),
        ("hydrant", real.gather_every(4)),
        ("fitness", first),
        ("charging", real.gather_every(6)),
        ("waste", real.gather_every(8)),
        ("defibrillator", first.gather_every(2)),
        ("noticeboard", first),
    )
    frames = [
        frame.select(
            "area", "address", place_type=pl.lit(kind), name=pl.format("{}{}", "address", pl.lit(PLACE_TYPE[kind]))
        )
        for kind, frame in chosen
    ]
    frame = pl.concat(frames)
    return frame.with_columns(id=uuids(rng, frame.height, at_ms)).select("id", "area", "name", "place_type", "address")
