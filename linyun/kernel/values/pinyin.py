"""Search keys of names in pinyin, with the readings that surnames have (单 shàn, 曾 zēng, 仇 qiú …)."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pypinyin.pinyin_dict import pinyin_dict


def _readings(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


_SURNAMES = _readings(
    "单:shan 曾:zeng 仇:qiu 解:xie 查:zha 任:ren 盖:ge 区:ou 朴:piao 尉:wei 翟:zhai 缪:miao 覃:qin "
    "员:yun 黑:he 召:shao 乐:yue 纪:ji 秘:bi 薄:bo 卜:bu 种:chong 重:chong 车:che 佴:nai 都:du 过:guo "
    "洗:xian 阚:kan 隗:wei 牟:mu 那:na 乜:nie 能:nai 繁:po 曲:qu 瞿:qu 莘:shen 折:she 相:xiang 燕:yan "
    "应:ying 於:yu 祭:zhai 长:zhang 占:zhan 訾:zi 郗:xi 郇:xun 句:gou 宿:su 食:yi 粘:nian 幺:yao 华:hua "
    "宁:ning 柏:bai 葛:ge 褚:chu 晁:chao 谌:chen 强:qiang 撒:sa 冼:xian 逄:pang 贾:jia 石:shi 沈:shen "
    "万:wan 洪:hong 藏:zang 适:kuo 隽:juan 令:ling 降:jiang 参:shen 教:jiao 角:jue 哈:ha 仝:tong 亓:qi "
    "禤:xuan 邸:di 行:xing 还:huan 间:jian 调:diao 朝:chao 术:zhu 仉:zhang 鲜:xian 钭:tou"
)
"""Readings of characters as surnames where they differ from, or might be mistaken for, the usual one."""

_COMPOUND = _readings(
    "尉迟:yu.chi 万俟:mo.qi 单于:chan.yu 长孙:zhang.sun 澹台:tan.tai 令狐:ling.hu 鲜于:xian.yu "
    "呼延:hu.yan 宇文:yu.wen 司马:si.ma 司徒:si.tu 司空:si.kong 上官:shang.guan 欧阳:ou.yang "
    "夏侯:xia.hou 诸葛:zhu.ge 皇甫:huang.fu 公孙:gong.sun 轩辕:xuan.yuan 钟离:zhong.li 慕容:mu.rong "
    "东方:dong.fang 赫连:he.lian 淳于:chun.yu 申屠:shen.tu 太史:tai.shi 拓跋:tuo.ba 濮阳:pu.yang "
    "公冶:gong.ye 宗政:zong.zheng 闾丘:lv.qiu 南宫:nan.gong 西门:xi.men 独孤:du.gu 端木:duan.mu "
    "百里:bai.li 东郭:dong.guo 第五:di.wu 亓官:qi.guan 南郭:nan.guo 左丘:zuo.qiu 梁丘:liang.qiu "
    "公羊:gong.yang 谷梁:gu.liang 完颜:wan.yan 耶律:ye.lv 纳兰:na.lan 叶赫:ye.he 乐正:yue.zheng "
    "漆雕:qi.diao 壤驷:rang.si 公良:gong.liang 欧侯:ou.hou"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND)
"""Surnames of two characters (复姓)."""

_GIVEN = _readings("曾:zeng 长:chang 重:chong 伽:jia 都:du 卜:bu 薄:bo 了:liao 翟:zhai 莘:xin")
_UMLAUT = str.maketrans(dict.fromkeys("üǖǘǚǜ", "v"))


class PinyinKey(NamedTuple):
    """How a name is spelled: its syllables ("zhao", "tie", "dan"), lower-case ASCII, ü as v."""

    syllables: tuple[str, ...]

    @property
    def initials(self) -> str:
        """``ztd``."""
        return "".join(s[:1] for s in self.syllables)

    @property
    def full(self) -> str:
        """``zhaotiedan``."""
        return "".join(self.syllables)

    @property
    def text(self) -> str:
        """``zhao'tie'dan zhaotiedan ztd``: sorted by its first word, found by the beginning of any.

        Syllable by syllable, as lists of names are ordered (范刚 before 方爱, all 吴 together and none among the 王): the
        apostrophe comes before all letters where texts are compared by their bytes.
        """
        spelled = "'".join(self.syllables)
        return f"{spelled} {self.full} {self.initials}"


@lru_cache(maxsize=30_000)
def _syllable(char: str) -> str:
    """The usual reading of one character without tone; a letter or digit itself; "" for other signs."""
    readings = pinyin_dict.get(ord(char))
    if readings is None:
        return char.lower() if char.isascii() and char.isalnum() else ""
    plain = unicodedata.normalize("NFD", readings.partition(",")[0].translate(_UMLAUT))
    return "".join(c for c in plain if c.isascii() and c.isalpha())


def pinyin_key(name: str) -> PinyinKey:
    """The search key of a person's name. Never raises; a name without readable characters has an empty key."""
    if name[:2] in _COMPOUND:
        head, rest = _COMPOUND[name[:2]].split("."), name[2:]
    else:
        head, rest = [_SURNAMES.get(name[:1]) or (_syllable(name[0]) if name else "")], name[1:]
    syllables = head + [_GIVEN.get(c) or _syllable(c) for c in rest]
    return PinyinKey(tuple(syllables))
