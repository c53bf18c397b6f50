"""Names as people of each time and sex have them: common surnames by weight, given names by decade of birth."""

import re
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]

SURNAMES = (
    "王72 李71 张68 刘54 陈50 杨31 黄22 赵23 周28 吴25 徐30 孙17 朱23 马13 胡13 郭11 林11 何12 高10 罗8 郑9 梁8 谢8 "
    "宋8 唐8 许9 邓6 冯6 韩6 曹8 曾5 彭5 萧2 肖4 蔡8 潘7 田4 董6 袁6 于5 余6 叶8 蒋9 杜4 苏5 魏5 程7 吕5 "
    "丁8 沈18 任4 姚9 卢5 傅5 钟4 姜6 崔3 谭3 廖3 范6 汪6 陆14 金11 石4 戴6 贾3 韦2 夏7 邱4 方5 侯3 邹3 "
    "熊3 孟2 秦4 白2 江4 阎2 薛4 尹2 段2 雷2 黎2 史3 龙2 陶5 贺2 顾15 毛4 郝2 龚5 邵6 万3 钱10 严6 赖2 "
    "覃1 洪4 武2 莫2 孔2 汤5 向1 常2 温2 康2 施8 文2 牛1 樊2 葛4 邢2 安1 齐1 易2 乔2 伍1 庞1 颜2 倪6 "
    "庄4 聂1 章5 鲁2 岳1 翟1 殷3 詹2 申2 欧阳1 耿1 关1 兰1 焦1 俞6 左1 柳1 甘1 祝2 包3 宁1 尚1 符1 舒1 "
    "阮2 柯1 纪1 梅2 童2 凌2 毕1 单1 季3 裴1 霍1 涂1 成1 苗1 谷1 盛3 曲1 翁2 冉1 骆2 蓝1 路1 游1 辛1 "
    "靳1 管2 柴1 蒙1 鲍2 华2 喻1 祁1 房1 滕1 屈1 饶1 解1 牟1 艾1 尤2 时1 穆1 司徒1 诸葛1 上官1 司马1"
)

# Each line: first year of birth from which it is in use, then characters that stand first and second in a given name.
MEN = (
    (1900, "阿福国德永金根宝长志文荣子宗伯鸿仁兴", "根宝福德生祥林发荣昌泉祖康寿庆明龙海"),
    (1945, "建国志卫伟永文金新爱胜学振家", "国华民强平军明林荣庆生良成根龙忠义"),
    (1966, "建卫红志晓文永国海春伟学少宏", "军强东伟明华平斌峰刚勇民林辉涛"),
    (1980, "晓志文俊海伟建少佳嘉一子宇天毅", "磊杰俊峰超伟斌鹏鑫凯亮宇晨毅骏明"),
    (1995, "子浩嘉俊宇天一佳文思志泽奕家", "豪宇轩杰昊然辰翔阳涵睿哲航宸毅"),
    (2010, "梓子浩宇沐奕景皓嘉一承亦泽启", "轩睿辰宸泽阳航霖恒然安瑞诚远川"),
)
WOMEN = (
    (1900, "阿秀桂玉凤金美月素云彩宝兰惠淑雪巧", "珍英芳妹娣凤兰宝珠娥仙花琴云宝英玉芬"),
    (1945, "建爱秀美惠玉丽桂凤雅文慧佩菊小", "芳英珍萍华琴娟敏芬妹琳玲珠云兰霞"),
    (1966, "建丽红晓文美海春玉慧雅雪小亚卫", "红萍芳敏丽燕华霞静琴梅英艳蓉玲"),
    (1980, "晓文佳丽雅静思雯嘉海婷倩诗春", "婷静洁燕莉蓉雯倩颖佳琳娜慧敏蕾"),
    (1995, "思佳雨欣诗梦雅嘉子心晨紫语可", "怡婷涵琪雯彤萱悦颖欣然妍琳瑶洁"),
    (2010, "梓诗语一可欣雨若沐芷思子心安", "涵萱彤妍瑶桐诺琪柔悦晴宁汐玥禾"),
)
SINGLE_MEN = "伟强军勇杰涛磊斌峰刚明亮超鹏辉凯俊波健敏"
SINGLE_WOMEN = "芳敏静丽燕娟艳霞萍琳婷洁莉颖雯倩蕾慧玲红"
_SINGLE_SHARE = (0.03, 0.08, 0.30, 0.34, 0.12, 0.03)
"""How many have a given name of one character, by the periods above."""

_KNOWN = (
    "李强 李鹏 周永康 胡春华 马凯 何卫东 秦刚 董军 王明 周强 曹建明 刘金国 董建华 王金平 李嘉诚 李文亮 姚明 邓亚萍 "
    "雷军 孙宏斌 丁磊 张勇 黎明 韩红 章子怡 王刚 范伟 贾玲 马丽 赵丽颖 邓超 黄晓明 杨颖 霍建华 张杰 王俊凯 朱军 周涛 "
    "刘涛 陈红 张国荣"
)
WELL_KNOWN = frozenset(_KNOWN.split())
"""Names that everybody knows from the news or the screen, as far as the lists above would give them."""


@dataclass(frozen=True, slots=True)
class _Given:
    """All given names in one list: names of a sex and period lie together."""

    names: list[str]
    pairs_at: Ints  # sex × period → where its names of two characters begin
    pairs: Ints
    singles_at: Ints  # sex → where its names of one character begin
    singles: Ints


def _build() -> _Given:
    names: list[str] = []
    pairs_at, pairs, singles_at, singles = [], [], [], []
    for table, short in ((MEN, SINGLE_MEN), (WOMEN, SINGLE_WOMEN)):
        for _, first, second in table:
            block = sorted({a + b for a in first for b in second if a != b})
            pairs_at.append(len(names))
            pairs.append(len(block))
            names += block
        singles_at.append(len(names))
        singles.append(len(short))
        names += list(short)
    shape = (2, len(MEN))
    return _Given(
        names,
        np.array(pairs_at).reshape(shape),
        np.array(pairs).reshape(shape),
        np.array(singles_at),
        np.array(singles),
    )


_PARSED = re.findall(r"(\D+?)(\d+)\s*", SURNAMES)
SURNAME_LIST = [name for name, _ in _PARSED]
SURNAME_WEIGHTS = np.array([int(weight) for _, weight in _PARSED], float)
_SURNAME_STEPS = np.cumsum(SURNAME_WEIGHTS / SURNAME_WEIGHTS.sum())[:-1]
GIVEN = _build()
_FROM_YEAR = np.array([year for year, _, _ in MEN])


def draw_surnames(rng: np.random.Generator, count: int) -> Ints:
    """Rows of SURNAME_LIST."""
    return np.searchsorted(_SURNAME_STEPS, rng.random(count), side="right").astype(np.int64)


def draw_given(rng: np.random.Generator, sex: NDArray[np.int8], year: Ints) -> Ints:
    """Rows of GIVEN.names for people of a sex (1, 2) born in a year."""
    period = np.clip(np.searchsorted(_FROM_YEAR, year, side="right") - 1, 0, len(MEN) - 1)
    row = sex.astype(np.int64) - 1
    u = rng.random(len(sex))
    pair = GIVEN.pairs_at[row, period] + (u * GIVEN.pairs[row, period]).astype(np.int64)
    single = GIVEN.singles_at[row] + (u * GIVEN.singles[row]).astype(np.int64)
    return np.where(rng.random(len(sex)) < np.array(_SINGLE_SHARE)[period], single, pair)


def write_names(surname: Ints, given: Ints) -> pl.Series:
    """Rows of surnames and given names as full names. Whoever would be called like somebody known is called otherwise."""
    name = _joined(surname, given)
    while (known := name.is_in(WELL_KNOWN).to_numpy()).any():
        given = np.where(known, given - 1, given)
        name = _joined(surname, given)
    return name


def _joined(surname: Ints, given: Ints) -> pl.Series:
    frame = pl.DataFrame({"s": _gather(SURNAME_LIST, surname), "g": _gather(GIVEN.names, given)})
    return frame.select(pl.concat_str("s", "g").alias("name"))["name"]


def _gather(words: list[str], rows: Ints) -> pl.Series:
    return pl.Series(words, dtype=pl.String).gather(rows)
