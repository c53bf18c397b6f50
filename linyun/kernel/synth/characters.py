"""Putting the known characters (synth.cast) into a world."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from linyun.kernel.synth.cast import (
    CANARY,
    CANARY_NOTE,
    CANARY_SHOP,
    DING_GUOHUA,
    DING_LEI,
    HE_TING,
    HOME_COMMITTEE,
    LI_JING,
    LIN_XIAOLAN,
    LIU_ZHIQIANG,
    LIU_ZIHAN,
    OUYANG_QING,
    OUYANG_ZHIYUAN,
    PEOPLE,
    STORY,
    STRANGER_COMMITTEE,
    STRANGER_WORKER,
    WANG_MIN,
    WORKERS,
    XU_LANYING,
    XU_QIANG,
    ZHOU_GUIFANG,
    ZHU_MING,
    ZHU_XIAOMEI,
    Character,
    fixed_id,
)
from linyun.kernel.synth.sentences import BODY_LISTS, OPENING_LISTS
from linyun.kernel.synth.settle import Home, settle
from linyun.kernel.synth.world import World
from linyun.kernel.values import uscc

_ZONE = ZoneInfo("Asia/Shanghai")
_SHOP_CODE = "92310110YYCANARYA"
_OTHER_KIN = ("儿子", "儿媳", "侄女", "外甥", "妹妹", "孙", "老伴")
"""Words that would give a character kin whom nobody has heard of."""


def characters(world: World) -> World:
    """The world with the known characters in it; whoever lived in their flats before is gone without a trace.

    Raises ValueError when the world lacks 公交新村 or 铁岭路五十弄. Asking twice changes nothing more.
    """
    known = {c.code for c in world.committees}
    for code in (HOME_COMMITTEE, STRANGER_COMMITTEE):
        if code not in known:
            raise ValueError(f"the characters live in {HOME_COMMITTEE} and {STRANGER_COMMITTEE}; {code} is not made")
    wanted = list(dict.fromkeys((p.committee, p.house, p.room) for p in PEOPLE))
    world, homes = settle(world, wanted, fixed_id)
    at = {p.id: homes[p.committee, p.house, p.room] for p in PEOPLE}
    rows: dict[str, list[dict[str, Any]]] = {
        "persons": [_person(p, at[p.id]) for p in PEOPLE],
        "households": _households(at),
        "memberships": [_membership(p, at[p.id]) for p in PEOPLE],
        "residences": [row for p in PEOPLE for row in _residences(p, at[p.id])],
        "kin": _kin(),
        "visits": [row for p in PEOPLE for row in _visits(p, at[p.id], world.today)],
        "workers": _worker_rows(),
        "organisations": [_shop(at[CANARY])],
    }
    frames: dict[str, Any] = {name: _append(getattr(world, name), entries) for name, entries in rows.items()}
    return replace(world, **frames)


def _append(frame: pl.DataFrame, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The rows under the frame; columns a row does not name are empty. Rows of the same id are replaced."""
    new = pl.DataFrame([dict.fromkeys(frame.columns) | row for row in rows], schema=frame.schema)
    if "id" in frame.columns:
        frame = frame.filter(pl.col("id").is_in(new["id"].to_list()).not_())
    return pl.concat((frame, new))


def _person(person: Character, home: Home) -> dict[str, Any]:
    return {
        "id": person.id,
        "area": home.area,
        "status": "live",
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.born,
        "identity_number": person.identity_number,
        "phone": person.phone or None,
        "ethnicity": "01",
        "native_place": "上海市杨浦区",
        "identity_type": "111",
        "population_kind": "01",
        "household_type": "1",
        "registered_area": home.area[:6],
        "registered_address": home.address,
        "living_address": person.lives_in or home.address,
        **person.items,
    }


def _household_id(home: Home) -> str:
    return fixed_id(1000 + home.serial)


def _households(at: dict[str, Home]) -> list[dict[str, Any]]:
    return [
        {
            "id": _household_id(at[p.id]),
            "area": at[p.id].area,
            "number": f"{at[p.id].area[6:12]}{90000 + at[p.id].serial}",
            "head_person_id": p.id,
            "dwelling_id": at[p.id].dwelling,
            "kind_of_household": "1",
            "kind": "home",
        }
        for p in PEOPLE
        if p.relation == "02"
    ]


def _membership(person: Character, home: Home) -> dict[str, Any]:
    return {
        "household_id": _household_id(home),
        "person_id": person.id,
        "relation": person.relation,
        "is_head": person.relation == "02",
        "valid_from": max(person.born, date(1996, 5, 1)),
    }


def _residences(person: Character, home: Home) -> list[dict[str, Any]]:
    kinds = ["registered"] + ([] if person.lives_in else ["actual"]) + (["owner"] if person.relation == "02" else [])
    since = max(person.born, date(1996, 5, 1))
    return [{"person_id": person.id, "dwelling_id": home.dwelling, "kind": kind, "valid_from": since} for kind in kinds]


def _kin() -> list[dict[str, Any]]:
    pairs = [(ZHOU_GUIFANG, WANG_MIN), (OUYANG_ZHIYUAN, OUYANG_QING), (XU_LANYING, XU_QIANG), (ZHU_XIAOMEI, ZHU_MING)]
    pairs += [(DING_GUOHUA, DING_LEI), (LIU_ZHIQIANG, LIU_ZIHAN), (HE_TING, LIU_ZIHAN)]
    rows = [(old, young, "child") for old, young in pairs] + [(young, old, "parent") for old, young in pairs]
    rows += [(LIU_ZHIQIANG, HE_TING, "spouse"), (HE_TING, LIU_ZHIQIANG, "spouse")]
    return [{"person_id": a, "kin_person_id": b, "kind": kind} for a, b, kind in rows]


def _visits(person: Character, home: Home, today: date) -> list[dict[str, Any]]:
    """What is told of the character, then more visits, spread evenly over the rest of the year."""
    last, count = person.visited
    told = {ZHOU_GUIFANG: STORY, CANARY: ((last, "2", STRANGER_WORKER, CANARY_NOTE),)}.get(person.id, ())
    pool = BODY_LISTS["lone_elder" if person.born.year < 1960 else "adult"]
    notes = [note for note in pool if not any(word in note for word in _OTHER_KIN)]
    start = told[-1][0] + 7 if told else last
    more = count - len(told)
    mine = (LIN_XIAOLAN, LI_JING) if person.committee == HOME_COMMITTEE else (STRANGER_WORKER,)
    rows = [(ago, mode, WORKERS[worker], note) for ago, mode, worker, note in told]
    for step in range(more):
        mode = "23"[step % 3 // 2]
        opening = OPENING_LISTS[mode][step % 3]
        note = notes[(person.number * 37 + step * 11) % len(notes)]
        rows.append((start + step * (355 - start) // more, mode, WORKERS[mine[step % len(mine)]], opening + note))
    return [_visit(person, home, today, step, *row) for step, row in enumerate(rows)]


def _visit(
    person: Character, home: Home, today: date, step: int, ago: int, mode: str, visitor: str, note: str
) -> dict[str, Any]:
    day = today - timedelta(days=ago)
    return {
        "id": fixed_id(100_000 + person.number * 100 + step),
        "person_id": person.id,
        "area": home.area,
        "at": datetime(day.year, day.month, day.day, 9 + step % 7, step * 7 % 60, tzinfo=_ZONE),
        "visited_on": day,
        "mode": mode,
        "content": note,
        "visitor": visitor,
    }


def _worker_rows() -> list[dict[str, Any]]:
    areas = {STRANGER_WORKER: STRANGER_COMMITTEE}
    return [
        {
            "id": worker,
            "area": areas.get(worker, HOME_COMMITTEE),
            "name": name,
            "role": "worker",
            "phone": f"1990099{2000 + int(worker[-3:]):04d}",
        }
        for worker, name in WORKERS.items()
    ]


def _shop(home: Home) -> dict[str, Any]:
    return {
        "id": CANARY_SHOP,
        "area": home.area,
        "name": "金丝雀杂货店",
        "uscc": _SHOP_CODE + uscc.check_character(_SHOP_CODE),
        "organisation_type": "2",
        "industry": "F",
        "address": home.address.removesuffix("201室") + "底商1号",
        "contact_name": "金丝雀",
        "contact_phone": next(p.phone for p in PEOPLE if p.id == CANARY),
        "staff_count": 1,
    }
