import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.kernel.values.names import NOBODY, parse
from linyun.kernel.values.pinyin import pinyin_key
from linyun.kernel.values.tests.disguises import FIXED, cells


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("张　　三", "张三"),
        ("\u200b张三\ufeff", "张三"),
        ("张三\n", "张三"),
        ("欧阳 锋", "欧阳锋"),
        ("司马 相如", "司马相如"),
        ("阿凡提•买买提", "阿凡提·买买提"),
        ("阿凡提・买买提", "阿凡提·买买提"),
        ("古丽 · 阿依", "古丽·阿依"),
        ("1.张三", "张三"),
        ("★张三", "张三"),
        ("'张三", "张三"),
        ("户主：张三", "张三"),
        ("John  Smith", "John Smith"),
        ("㛃𠮷", "㛃𠮷"),
        ("王氏", "王氏"),
        ("买买提明·吐尔逊江·阿卜杜拉", "买买提明·吐尔逊江·阿卜杜拉"),
    ],
)
def test_names_as_they_are_written(cell, name):
    found = parse(cell)
    assert (found.value, found.problem) == (name, None)


@pytest.mark.parametrize(
    ("cell", "beside", "head", "deceased"),
    [
        ("张三(户主)", ("户主",), True, False),
        ("张三（亡）", ("亡",), False, True),
        ("张三【已故】", ("已故",), False, True),
        ("(户主)张三", ("户主",), True, False),
        ("张三 去世", ("去世",), False, True),
        ("户主：张三", ("户主",), True, False),
        ("张三19900123456", ("19900123456",), False, False),
    ],
)
def test_notes_beside_a_name_are_split_off_and_understood(cell, beside, head, deceased):
    found = parse(cell)
    assert found.value == "张三"
    assert (found.extra["beside"], found.extra["head"], found.extra["deceased"]) == (beside, head, deceased)
    assert beside[0] in found.notes[0]


@pytest.mark.parametrize(
    "cell", ["张三、李四", "张三 李四", "张三\n李四", "张三/李四", "张三，李四", "张三;李四", "买买提 艾力"]
)
def test_two_people_in_a_cell_are_refused(cell):
    found = parse(cell)
    assert found.value is None
    assert found.extra["several"] and "两个人" in found.problem


@pytest.mark.parametrize("word", [*sorted(NOBODY)[:12], "（空关）", "无", "空关户"])
def test_a_word_that_is_nobody_is_no_person_and_no_error(word):
    found = parse(word)
    assert found.value is None and found.problem is None
    assert found.extra["nobody"]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("张?", "没有显示出来"),
        ("张□", "没有显示出来"),
        ("张", "只有一个字"),
        ("张·", "只有一个字"),
        ("A·", "只有一个字"),
        ("12号302室", "门牌或号码"),
        ("310110194803059990", "不是姓名"),
        ("****", "不是姓名"),
        (3.0, "不是文字"),
        ("张三<script>", "不该有的符号"),
        ("张" * 30, "太长"),
        ("#NAME?", "公式出错"),
    ],
)
def test_what_is_no_name_is_refused_and_named(cell, says):
    found = parse(cell)
    assert found.value is None
    assert says in found.problem


def test_a_digit_in_a_name_is_kept_and_noted():
    found = parse("张三0")
    assert found.value == "张三0" and "数字" in found.notes[0]


@pytest.mark.parametrize("cell", [None, "", " ", "—", "/"])
def test_nothing_stated_is_blank(cell):
    assert parse(cell).blank and "nobody" not in parse(cell).extra


@given(st.text("张李王赵欧阳建国秀英丽", min_size=2, max_size=4))
def test_gaps_between_single_characters_never_change_a_name(name):
    assert parse(" ".join(name)).value == parse(name).value


@given(cells)
def test_no_cell_breaks_the_parser(cell):
    found = parse(cell)
    assert found.value is None or 1 < len(found.value) <= 60


@pytest.mark.parametrize("cell", FIXED, ids=range(len(FIXED)))
def test_known_breakers_do_not_break_it(cell):
    assert parse(cell).value is None


@pytest.mark.parametrize(
    ("name", "initials", "full"),
    [
        ("赵铁蛋", "ztd", "zhaotiedan"),
        ("单雄信", "sxx", "shanxiongxin"),
        ("曾国强", "zgq", "zengguoqiang"),
        ("仇英", "qy", "qiuying"),
        ("解晓东", "xxd", "xiexiaodong"),
        ("查良", "zl", "zhaliang"),
        ("任长霞", "rcx", "renchangxia"),
        ("盖叫天", "gjt", "gejiaotian"),
        ("区志明", "ozm", "ouzhiming"),
        ("朴正", "pz", "piaozheng"),
        ("翟志", "zz", "zhaizhi"),
        ("缪英", "my", "miaoying"),
        ("尉迟恭", "ycg", "yuchigong"),
        ("万俟卨", "mqx", "moqixie"),
        ("单于", "cy", "chanyu"),
        ("长孙无忌", "zswj", "zhangsunwuji"),
        ("欧阳锋", "oyf", "ouyangfeng"),
        ("吕绿", "ll", "lvlv"),
        ("阿凡提·买买提", "aftmmt", "afantimaimaiti"),
        ("万里", "wl", "wanli"),
        ("", "", ""),
    ],
)
def test_pinyin_keys_read_surnames_as_surnames(name, initials, full):
    key = pinyin_key(name)
    assert (key.initials, key.full) == (initials, full)
    assert key.text.split(" ")[1:] == [full, initials]


def test_names_are_ordered_by_surname_and_then_by_syllables() -> None:
    ordered = ["包蕾", "包丽艳", "毕磊", "范刚", "范兴", "方爱", "王兵", "汪英", "魏国", "吴邦", "张三", "张三丰"]
    assert sorted(set(ordered), key=lambda name: pinyin_key(name).text) == ordered


@given(st.text(max_size=20))
def test_a_pinyin_key_is_always_lower_case_ascii(text):
    key = pinyin_key(text)
    assert key.full.isascii() and key.full == key.full.lower() and len(key.initials) <= len(key.full)
