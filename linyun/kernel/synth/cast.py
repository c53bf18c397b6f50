"""The known characters: people who stand in every demo and test world under fixed ids, at fixed addresses.

公交新村 (310110009016) is the committee of the worker 林晓岚. 铁岭路五十弄 (310110009017) is the stranger's: it holds
the canaries, residents of whom nothing – name, phone, number, note – may ever reach anyone outside that committee.
Ages in comments are those on any day from August to December 2026.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linyun.kernel.synth.regions import CHARACTERS_REGION
from linyun.kernel.values import identity

HOME_COMMITTEE = "310110009016"
STRANGER_COMMITTEE = "310110009017"


def fixed_id(number: int) -> str:
    """The id of a character: a UUIDv7 of 1 July 2024 that nobody else can have."""
    return f"01906b00-0000-7000-8000-{number:012d}"


LIN_XIAOLAN, LI_JING, STRANGER_WORKER = fixed_id(901), fixed_id(902), fixed_id(903)
ZHOU_GUIFANG, WANG_MIN, CHEN_ABAO, SHEN_MEIQIN = fixed_id(1), fixed_id(2), fixed_id(3), fixed_id(4)
OUYANG_ZHIYUAN, OUYANG_QING = fixed_id(5), fixed_id(6)
LIU_ZHIQIANG, HE_TING, LIU_ZIHAN = fixed_id(11), fixed_id(12), fixed_id(13)
GU_FUGEN, XU_LANYING, XU_QIANG, ZHU_XIAOMEI = fixed_id(21), fixed_id(22), fixed_id(23), fixed_id(24)
ZHU_MING, DING_GUOHUA, DING_LEI = fixed_id(25), fixed_id(26), fixed_id(27)
CANARY, CANARY_TRADITIONAL, CANARY_SOUND = fixed_id(81), fixed_id(82), fixed_id(83)
CANARY_SHOP = fixed_id(84)


@dataclass(frozen=True, slots=True)
class Character:
    """A person with a fixed id. ``lives_in``: where else the person lives, empty when at home."""

    id: str
    name: str
    sex: str
    born: date
    house: str
    room: str
    relation: str = "02"
    lives_in: str = ""
    committee: str = HOME_COMMITTEE
    items: dict[str, Any] = field(default_factory=dict)
    visited: tuple[int, int] = (0, 0)
    """Days since the last visit and how many visits there were; (0, 0): none."""

    @property
    def number(self) -> int:
        """The last digits of the id."""
        return int(self.id[-12:])

    @property
    def identity_number(self) -> str:
        """Region 310108, birth date, a sequence of 990–999, check digit."""
        sequence = 990 + self.number % 5 * 2 + (1 if self.sex == "1" else 0)
        return identity.make(CHARACTERS_REGION, self.born, sequence)

    @property
    def phone(self) -> str:
        """19900 99xxxx; children have none."""
        return f"1990099{2000 + self.number:04d}" if self.born.year < 2012 else ""


_ELDER = {"employment_status": "80", "marital_status": "30", "political_status": "13"}
_GROWN = {"employment_status": "17", "marital_status": "20", "political_status": "13", "education": "20"}

PEOPLE: tuple[Character, ...] = (
    Character(
        ZHOU_GUIFANG,
        "周桂芳",
        "2",
        date(1949, 3, 5),  # 77
        "12号",
        "302室",
        items=_ELDER
        | {
            "care_level": "2",
            "education": "70",
            "emergency_contact": "王敏",
            "emergency_relation": "2",
            "emergency_phone": "19900992002",
        },
        visited=(10, 46),
    ),
    Character(
        WANG_MIN, "王敏", "2", date(1975, 9, 12), "12号", "302室", "30", "上海市宝山区樱花路128弄6号501室", items=_GROWN
    ),
    Character(
        CHEN_ABAO,
        "陈阿宝",
        "2",
        date(1935, 6, 18),  # 91
        "3号",
        "101室",
        items=_ELDER
        | {
            "education": "90",
            "emergency_contact": "陈建国",
            "emergency_relation": "6",
            "emergency_phone": "19900992903",
        },
        visited=(47, 21),
    ),
    Character(
        SHEN_MEIQIN,
        "沈美琴",
        "2",
        date(1938, 2, 11),  # 88
        "3号",
        "402室",
        items=_ELDER | {"care_level": "3", "education": "80"},
        visited=(41, 18),
    ),
    Character(
        OUYANG_ZHIYUAN,
        "欧阳志远",
        "1",
        date(1940, 4, 9),  # 86
        "7号",
        "203室",
        items=_ELDER
        | {
            "education": "20",
            "political_status": "01",
            "party_joined_on": date(1966, 7, 1),
            "emergency_contact": "欧阳晴",
            "emergency_relation": "2",
            "emergency_phone": "19900992006",
        },
        visited=(38, 15),
    ),
    Character(
        OUYANG_QING,
        "欧阳晴",
        "2",
        date(1968, 10, 2),
        "7号",
        "203室",
        "30",
        "上海市闵行区丹桂路66弄3号201室",
        items=_GROWN,
    ),
    Character(LIU_ZHIQIANG, "刘志强", "1", date(1986, 1, 15), "12号", "301室", items=_GROWN, visited=(62, 3)),
    Character(HE_TING, "何婷", "2", date(1988, 5, 20), "12号", "301室", "12", items=_GROWN),
    Character(
        LIU_ZIHAN,
        "刘子涵",
        "2",
        date(2017, 6, 1),
        "12号",
        "301室",
        "30",
        items={"employment_status": "31", "marital_status": "10", "education": "80"},
    ),
    Character(
        GU_FUGEN,
        "顾福根",
        "1",
        date(1941, 1, 20),  # 85
        "9号",
        "601室",
        items=_ELDER | {"aid_type": "01", "marital_status": "10", "education": "80"},
        visited=(36, 20),
    ),
    Character(
        XU_LANYING,
        "徐兰英",
        "2",
        date(1942, 5, 6),  # 84
        "12号",
        "104室",
        items=_ELDER
        | {"education": "70", "emergency_contact": "徐强", "emergency_relation": "2", "emergency_phone": "19900992023"},
        visited=(35, 16),
    ),
    Character(
        XU_QIANG, "徐强", "1", date(1970, 8, 8), "12号", "104室", "20", "上海市嘉定区枫林路9弄2号402室", items=_GROWN
    ),
    Character(
        ZHU_XIAOMEI,
        "朱小妹",
        "2",
        date(1943, 7, 1),  # 83
        "12号",
        "503室",
        items=_ELDER
        | {
            "service_status": "08",
            "education": "70",
            "emergency_contact": "朱明",
            "emergency_relation": "2",
            "emergency_phone": "19900992025",
        },
        visited=(33, 17),
    ),
    Character(
        ZHU_MING, "朱明", "1", date(1969, 11, 30), "12号", "503室", "20", "上海市松江区银杏路77弄8号302室", items=_GROWN
    ),
    Character(
        DING_GUOHUA,
        "丁国华",
        "1",
        date(1944, 3, 15),  # 82
        "15号",
        "302室",
        items=_ELDER
        | {
            "education": "60",
            "service_status": "01",
            "emergency_contact": "丁蕾",
            "emergency_relation": "2",
            "emergency_phone": "19900992027",
        },
        visited=(32, 14),
    ),
    Character(
        DING_LEI,
        "丁蕾",
        "2",
        date(1972, 12, 24),
        "15号",
        "302室",
        "30",
        "上海市浦东新区玉兰路15弄1号601室",
        items=_GROWN,
    ),
    Character(
        CANARY,
        "金丝雀",
        "2",
        date(1951, 9, 9),
        "2号",
        "201室",
        committee=STRANGER_COMMITTEE,
        items=_ELDER | {"education": "60", "care_level": "2", "workplace": "金丝雀纺织厂"},
        visited=(5, 12),
    ),
    Character(
        CANARY_TRADITIONAL,
        "金絲雀",
        "1",
        date(1978, 4, 4),
        "2号",
        "202室",
        committee=STRANGER_COMMITTEE,
        items=_GROWN | {"marital_status": "10"},
        visited=(20, 2),
    ),
    Character(
        CANARY_SOUND,
        "金思雀",
        "2",
        date(1992, 2, 2),
        "2号",
        "203室",
        committee=STRANGER_COMMITTEE,
        items=_GROWN | {"marital_status": "40"},
        visited=(15, 2),
    ),
)
CANARIES = tuple(p for p in PEOPLE if p.committee == STRANGER_COMMITTEE)
CANARY_NOTE = "金丝雀在阳台唱歌，主人身体好。"
CANARY_STRINGS: tuple[str, ...] = tuple(
    text for p in CANARIES for text in (p.id, p.name, p.phone, p.identity_number)
) + (CANARY_NOTE, "金丝雀杂货店")
"""What must appear in no answer to anyone outside 铁岭路五十弄."""

STORY = (
    (10, "2", LIN_XIAOLAN, "在家休息，身体一般。自来水费可以付了，答应周五陪去。"),
    (17, "3", LI_JING, "能自己下床，胃口好些。女儿周末来。"),
    (25, "2", LIN_XIAOLAN, "出院第二天，楼道扶手松动，已报修。"),
)
WORKERS = {LIN_XIAOLAN: "林晓岚", LI_JING: "李静", STRANGER_WORKER: "邬佩芬"}
