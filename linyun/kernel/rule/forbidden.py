"""What no dictionary entry, item or rule may be about, and what may not rank people: refused with the sentence why.

Source: rule 5 of the product's constitution (docs: privacy), the Personal Information Protection Law of the PRC
articles 6 and 28 (necessity; sensitive personal information), and that policing data is no business of a committee.
"""

import re
from dataclasses import dataclass

from linyun.kernel.rule.words import fold
from linyun.kernel.words import msgid


@dataclass(frozen=True, slots=True)
class _Ban:
    zh: re.Pattern[str]
    en: frozenset[str]
    why: str


def _ban(why: str, zh: str, en: str) -> _Ban:
    return _Ban(re.compile(zh), frozenset(en.split()), why)


_BANS = (
    _ban(
        msgid("不得按信访、上访识别居民：反映诉求是居民的权利，标签和规则只用来发现谁需要帮助。"),
        r"信访|上访|访民|缠访|闹访|涉访|非访|越级访|截访",
        "petition petitions petitioner petitioners petitioning xinfang",
    ),
    _ban(
        msgid("不得按宗教信仰识别居民：信仰自由受宪法保护，标签和规则只用来发现谁需要帮助。"),
        r"宗教(?!活动场所|场所)|信仰|信教|教徒|信徒|教派|教友|邪教|基督|天主教|佛教|道教|伊斯兰|穆斯林",
        "religion religious faith belief believer church_member christian catholic muslim buddhist taoist",
    ),
    _ban(
        msgid("不得按政治观点识别居民：思想和言论不是服务的依据，标签和规则只用来发现谁需要帮助。"),
        r"政治(观点|倾向|态度|立场|思想)|政见|思想(倾向|动态|状况)|异见|维稳",
        "political_opinion political_view political_views political_leaning dissident dissent",
    ),
    _ban(
        msgid("不得按违法犯罪经历识别居民：这属于公安、司法机关的职责，标签和规则只用来发现谁需要帮助。"),
        r"前科|犯罪(?!预防)|罪犯|刑满|刑释|服刑|安置帮教|帮教对象|社区矫正|矫正对象|矫正人员|违法记录|劳教|重点人口|嫌疑",
        "criminal criminals crime convict convicted conviction offender offenders offence offense parole probation"
        " prison inmate",
    ),
    _ban(
        msgid("不得按吸毒、成瘾识别居民：这属于公安、卫生机关的职责，标签和规则只用来发现谁需要帮助。"),
        r"吸毒|戒毒|涉毒|毒瘾|毒品|酗酒|酒瘾|赌瘾|成瘾",
        "addict addicts addicted addiction drug_user drug_abuse drug_addict alcoholic alcoholism",
    ),
)

_RANKING = (
    _ban(
        msgid("不得按民族给居民排序：各民族一律平等，民族只用于本人需要的服务。"),
        r"民族(?!乡)|族别",
        "ethnicity ethnic nation minority",
    ),
    _ban(
        msgid("不得按疾病给居民排序：病情是敏感信息，只用于本人需要的服务。"),
        r"病|癌|肿瘤|精神障碍|失智|痴呆|艾滋|诊断|高血压|糖尿",
        "illness ill disease diseases diagnosis diagnosed cancer diabetes hypertension dementia hiv mental_disorder",
    ),
)

_ENGLISH = re.compile(r"[a-z]+")
_HUMP = re.compile(r"(?<=[a-zａ-ｚ])(?=[A-ZＡ-Ｚ])")
_FILLING = re.compile(r"[\s\u00ad·•‧・∙.．*＊_＿\-－‐-―~～+]+")
"""What can be put between two characters without changing the word that one reads."""
_OLD = str.maketrans(
    "訪鬧纏級違記錄勞點癮異見維穩觀傾態滿幫釋矯賭敎蘭閙況動處",
    "访闹缠级违记录劳点瘾异见维稳观倾态满帮释矫赌教兰闹况动处",
)
"""Traditional and variant characters of the words below."""


def _why(name: str, bans: tuple[_Ban, ...]) -> str | None:
    plain = fold(_HUMP.sub(" ", name))
    dense = _FILLING.sub("", plain).translate(_OLD)
    words = _ENGLISH.findall(plain)
    spoken = {*words, *(f"{a}_{b}" for a, b in zip(words, words[1:], strict=False))}
    return next((ban.why for ban in bans if ban.zh.search(dense) or ban.en & spoken), None)


def refuse_forbidden(name: str) -> str | None:
    """Why nothing may be declared, or asked of people, under this name (a msgid); None when it may.

    ``name``: a name or code of an item, tag, term or relation, or a text that a rule looks for.
    """
    return _why(name, _BANS)


def refuse_ranking(name: str) -> str | None:
    """Why a rule that ranks people may not use what this names (民族, illness, and all that is forbidden anyway)."""
    return _why(name, _BANS) or _why(name, _RANKING)
