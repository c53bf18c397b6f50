"""A rule told back in words leaves nobody in doubt: which way a distance counts, and what becomes of the unknown."""

import pytest

from linyun.kernel.declare import Subject
from linyun.kernel.rule import Vocabulary, parse
from linyun.kernel.rule.tests.world import CODE_SETS, ITEMS, RELATIONS, TAGS, TERMS, TODAY, VOCABULARY


def told(written: str, lang="zh", subject: Subject = Subject.PERSON, today=None) -> str:
    return parse(written, subject, VOCABULARY).say(lang, today)


def sentence(written: str, subject: Subject = Subject.PERSON) -> str:
    return told(written, "zh", subject).split("。")[0]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("年龄 >= 80", "年龄 80 岁及以上的居民"),
        ("年龄 < 6", "年龄不满 6 岁的居民"),
        ("年龄 > 60", "年龄超过 60 岁的居民"),
        ("年龄 <= 60", "年龄 60 岁及以下的居民"),
        ("年龄 = 60", "年龄为 60 岁的居民"),
        ("走访次数 < 3", "走访次数少于 3 次的居民"),
        ("年龄 在 60 到 79 之间", "年龄在 60 岁到 79 岁之间（含两端）的居民"),
        ("年龄 不在 60 到 79 之间", "不符合（年龄在 60 岁到 79 岁之间（含两端））的居民"),
        ("月收入 != 3000.50", "月收入不是 3000.5 元的居民"),
        ("或有负债 属于 (1、2)", "或有负债为 1 元或 2 元的居民"),
        ("性别 = 女", "性别为“女”的居民"),
        ("性别 != 女", "性别不是“女”的居民"),
        ("婚姻状况 属于 (丧偶、离婚)", "婚姻状况为“丧偶”或“离婚”的居民"),
        ("特长 有 书法", "特长有“书法”的居民"),
        ("本地户籍 = 否", "本地户籍为否的居民"),
        ("居住区域 = 310110009016", "居住区域在310110009016范围内的居民"),
        ("户籍地址 包含 低保", "户籍地址包含“低保”的居民"),
        ("联系电话 为空", "联系电话没有记录的居民"),
        ("联系电话 不为空", "联系电话有记录的居民"),
        ("从未走访", "从未走访过的居民"),
        ("出生日期 >= 1948-03-05", "出生日期不早于 1948-03-05 的居民"),
        ("出生日期 = 1948-03-05", "出生日期是 1948-03-05 的居民"),
        ("最近走访 > 30天前", "最近走访早于 30 天前（距今超过 30 天）的居民"),
        ("最近走访 >= 30天前", "最近走访不晚于 30 天前（距今不少于 30 天）的居民"),
        ("最近走访 < 2个月前", "最近走访晚于 2 个月前（距今不到 2 个月）的居民"),
        ("最近走访 <= 1年前", "最近走访不早于 1 年前（距今不超过 1 年）的居民"),
        ("最近走访 = 今天", "最近走访是今天的居民"),
        ("退休日期 早于 3个月后", "退休日期早于 3 个月后的居民"),
        ("标签 = 独居", "有“独居”标签的居民"),
        ("标签 无 独居", "没有“独居”标签的居民"),
        ("标签 = 民政/老人", "有“人/民政/老人”下的任一标签的居民"),
        ("标签 无 民政/老人", "没有“人/民政/老人”下的任何标签的居民"),
        ("同住家人 有人(年龄 < 6)", "同住家人中有人（年龄不满 6 岁）的居民"),
        ("同住家人 无人(年龄 < 6)", "同住家人中没有人（年龄不满 6 岁）的居民"),
        ("同住家人 无人", "没有同住家人的居民"),
        ("同住家人 有人", "有同住家人的居民"),
        ("同住家人 都(标签 = 独居)", "同住家人中每个人都（有“独居”标签）（没有同住家人的也算）的居民"),
        ("同住家人 人数 >= 2", "同住家人不少于 2 人的居民"),
        ("同住家人 人数(标签 = 残疾) = 2", "同住家人中（有“残疾”标签）的正好 2 人的居民"),
        ("所在户 有(标签 = 纯老家庭)", "所在户中有一个（有“纯老家庭”标签）的居民"),
        (
            "年龄 >= 80 且 标签 = 独居 或 性别 = 女",
            "（年龄 80 岁及以上、有“独居”标签），或者性别为“女”的居民",
        ),
        ("年龄 >= 80 且 (标签 = 独居 或 性别 = 女)", "年龄 80 岁及以上、（有“独居”标签，或者性别为“女”）的居民"),
    ],
)
def test_the_sentence_in_chinese(written, said):
    assert sentence(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("年龄 >= 80", "Residents for whom: age is at least 80 years."),
        ("性别 != 女", "Residents for whom: sex is not “Female”."),
        ("最近走访 > 30天前", "last visit is before 30 days ago (more than 30 days ago)."),
        ("最近走访 <= 1周前", "last visit is on or after 1 week ago (at most 1 week ago)."),
        ("退休日期 早于 1个月后", "retired on is before 1 month from now."),
        ("出生日期 >= 1948-03-05", "birth date is on or after 1948-03-05."),
        ("标签 无 独居 且 性别 = 女", "does not have the tag “lone elder”; and sex is “Female”."),
        (
            "同住家人 都(年龄 < 6)",
            "every housemate is one for whom (age is less than 6 years), or there is no housemate.",
        ),
        ("同住家人 人数 >= 2", "the number of housemate is at least 2."),
        ("从未走访", "last visit is not known."),
        ("联系电话 不为空", "phone is known."),
        ("本地户籍 = 是", "is local is yes."),
        ("居住区域 = 3101", "live area lies within 3101."),
        ("特长 有 书法", "skills has “书法”."),
        ("标签 = 民政/老人", "has some tag under “人/民政/老人”."),
        ("标签 无 民政/老人", "has no tag under “人/民政/老人”."),
        ("非 年龄 > 3", "it is not so that (age is more than 3 years)."),
        ("年龄 在 1 到 2 之间", "age is between 1 years and 2 years, both included."),
        ("户籍地址 包含 低保", "registered address contains “低保”."),
    ],
)
def test_the_sentence_in_english(written, said):
    assert said in told(written, "en")


def test_with_the_day_stated_the_calendar_day_is_told():
    assert "（距今超过 30 天，即 2026-03-01）" in told("最近走访 > 30天前", today=TODAY)
    assert "(more than 30 days ago, that is 2026-03-01)" in told("最近走访 > 30天前", "en", today=TODAY)


def test_the_unvisited_are_told_of_and_how_to_include_them():
    note = told("年龄 >= 80 且 最近走访 > 30天前")
    assert "从未走访过的居民，“最近走访”按“不清楚”处理，不会因此列入；要一并列入，请加上：或 从未走访。" in note
    assert "没有年龄记录的居民" in note and "没有年龄、最近走访记录" not in note
    assert "never" not in note
    assert "add: or last_visit is unknown." in told("最近走访 > 30天前", "en")


def test_what_the_note_advises_works():
    advised = parse("最近走访 > 30天前 或 从未走访", Subject.PERSON, VOCABULARY)
    assert "要一并列入" not in advised.say("zh")
    assert "从未走访过" in advised.say("zh")


def test_items_that_cannot_be_unknown_to_the_rule_need_no_note():
    assert told("联系电话 为空") == "联系电话没有记录的居民。"
    assert told("标签 = 独居") == "有“独居”标签的居民。"
    assert told("联系电话 为空 或 联系电话 包含 19900").count("。") == 1


def test_notes_name_each_item_once_and_tell_of_the_related():
    note = told("年龄 > 3 且 (年龄 < 9 或 性别 = 女) 且 同住家人 有人(年龄 < 6)")
    assert note.count("没有年龄、性别记录的居民") == 1
    assert "有关的人、房等情况不清楚而足以影响结果时" in note


def test_areas_are_told_by_name_where_names_are_known():
    named = Vocabulary(
        items=ITEMS,
        terms=TERMS,
        relations=RELATIONS,
        tags=TAGS,
        code_sets=CODE_SETS,
        area_name={"310110009016": "公交新村", "310110009017": "铁岭路五十弄"}.get,
    )
    rule = parse("居住区域 属于 (310110009016、310110009017)", Subject.PERSON, named)
    assert "居住区域在公交新村或铁岭路五十弄范围内" in rule.say("zh")


def test_other_subjects_are_called_by_their_name():
    assert sentence("户内成员 人数 > 3", Subject.HOUSEHOLD) == "户内成员多于 3 人的住户"
    assert sentence("面积 < 20", Subject.DWELLING) == "面积少于 20 平方米的房屋"
