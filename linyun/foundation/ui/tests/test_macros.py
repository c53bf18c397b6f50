"""Each macro: what a reader would miss if it broke, and that nothing a person typed becomes markup."""

import re
from datetime import date

import pytest
from jinja2 import UndefinedError

from linyun.foundation.ui.parts import Change, Chip, Empty, Entry, Fact, Figure, Filter, Job
from linyun.foundation.ui.shell import MenuEntry, Tab, crumbs
from linyun.foundation.ui.tests.gallery import HERE
from linyun.foundation.ui.tests.kit import HOSTILE, LONG, draw

SNIPPETS = [
    '{{ forms.text("n", x, x, unit=x, error=x, help=x, placeholder=x) }}',
    '{{ forms.text("n", x, x, source=x) }}',
    '{{ forms.number("n", x, x, x, source=x) }}',
    '{{ forms.date("n", x, x) }}',
    '{{ forms.textarea("n", x, x, placeholder=x, error=[x, x]) }}',
    '{{ forms.hidden("n", x) }}{{ forms.errors([("n", x)]) }}{{ forms.actions(x, x) }}',
    '{{ choices.select("n", x, [(x, x)], x) }}{{ choices.segmented("n", x, [(x, x)], x, source=x) }}',
    '{{ choices.chips("n", x, [(x, x)], [x]) }}',
    '{{ choices.radios("n", x, [(x, x, x)], x) }}',
    '{{ choices.check("n", x, value=x) }}',
    '{% call choices.ask("n", x, x, x) %}{{ x }}{% endcall %}',
    '{{ files.drop("n", x, accept=x, help=x) }}',
    '{{ files.listing([{"name": x, "url": x, "bytes": 3}]) }}',
    "{{ files.photos([(x, x)]) }}",
    "{{ cards.chip(x, x, x, x) }}{{ cards.button(x, name=x, value=x, ask=x) }}{{ cards.link(x, x, reason=x) }}",
    "{{ cards.due(x, x, href=x, label=x) }}",
    "{{ cards.who(x, x, x, [x]) }}",
    "{{ cards.tile(x, x, x) }}",
    "{{ cards.tip(x) }}",
    "{% call cards.card(x, x, x, x) %}{% endcall %}{% call cards.section(x, x, x, x) %}{% endcall %}",
    "{{ cards.facts([fact]) }}{{ cards.figure(figure) }}{{ cards.empty(empty) }}",
    "{{ flow.timeline([entry]) }}",
    "{{ flow.diff([change], x, x, x) }}",
    "{{ flow.filters([filter], x, x) }}",
    "{{ flow.job(job, x) }}",
    "{{ flow.steps([x], 0, x) }}",
    "{{ nav.breadcrumbs(crumbs) }}",
    "{{ nav.tabs([tab], x) }}",
    "{{ nav.back(x, x) }}",
    "{{ nav.search(x, x, x, suggest=x) }}",
    "{{ nav.entries([menu]) }}",
    "{{ nav.toast(x) }}",
    "{% call official.sheet(x, x, x, x, none, x, note=x, stamp=x) %}{{ x }}{% endcall %}",
    "{{ official.ruled([[(x, 1, 1)]], [[x]]) }}",
    "{{ charts.bars([charts.Bar(x, 1, x, x, x)]) }}",
    "{{ charts.stack([charts.Part(x, 1, x)]) }}",
    "{{ charts.legend([charts.Part(x, 1, x)]) }}",
    "{{ charts.line([(x, 1), (x, 2)], x, x) }}",
    '{% call dialogs.dialog("d", x) %}{{ x }}{% endcall %}{{ dialogs.reason_fields([(x, x)], error=x) }}',
]


def with_everywhere(x: str) -> dict[str, object]:
    return {
        "x": x,
        "fact": Fact(x, x, x, x, x, x, True, [(x, x)]),
        "figure": Figure(x, x, x, x, True, x, x, x),
        "empty": Empty(x, x, x, x),
        "entry": Entry(date(2026, 1, 2), x, x, x, x, [Chip(x, x, x, x)], [(x, x)]),
        "change": Change(x, x, x + x, x),
        "filter": Filter(x, x, x, x),
        "job": Job("1", x, "running", 1, 2, 3.0, x, x, [x]),
        "crumbs": crumbs((x, x), x),
        "tab": Tab(x, x, True, x),
        "menu": MenuEntry(x, x, "home", x, True),
    }


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_what_people_typed_never_becomes_markup(snippet: str) -> None:
    drawn = draw(snippet, **with_everywhere(HOSTILE))
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_quote_cannot_open_an_attribute(snippet: str) -> None:
    drawn = draw(snippet, **with_everywhere('" onfocus="steal()'))
    assert not re.search(r'"\s*onfocus="', drawn)


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_no_macro_uses_what_the_policy_forbids(snippet: str) -> None:
    drawn = draw(snippet, **with_everywhere("安"))
    assert not re.search(r'\sstyle="|\son[a-z]+="|javascript:', drawn)


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_long_names_are_kept_whole(snippet: str) -> None:
    assert LONG in draw(snippet, **with_everywhere(LONG))


def test_a_form_carries_its_proof_its_key_and_its_draft_name() -> None:
    drawn = draw('{% call forms.form("/save", "visit", csrf) %}{% endcall %}', csrf="PROOF")
    assert "PROOF" in drawn
    assert 'data-draft="visit"' in drawn
    assert re.search(r'name="client_key" value="[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-', drawn)


def test_a_form_without_its_proof_fails_while_it_is_written() -> None:
    with pytest.raises(UndefinedError):
        draw('{% call forms.form("/save", "visit", csrf_input) %}{% endcall %}')


def test_a_search_form_sends_no_key_and_keeps_no_draft() -> None:
    drawn = draw('{% call forms.form("/find", "find", "", method="get") %}{% endcall %}')
    assert "client_key" not in drawn
    assert "data-draft" not in drawn


def test_an_error_stands_beside_its_field_and_is_tied_to_it() -> None:
    drawn = draw('{{ forms.number("temp", "体温", "45", "℃", error="应在 35 到 42 之间") }}')
    assert 'aria-invalid="true"' in drawn
    tied = re.search(r'aria-describedby="([^"]+)"', drawn)
    assert tied and f'id="{tied[1].strip()}"' in drawn
    assert "应在 35 到 42 之间" in drawn
    assert 'value="45"' in drawn  # what was typed is still there


def test_what_is_known_is_shown_with_its_source_and_still_sent() -> None:
    drawn = draw('{{ forms.text("contact", "紧急联系人", "王敏（女儿）", source="走访 2026-03-02") }}')
    assert "走访 2026-03-02" in drawn and "点此更正" in drawn
    assert '<input type="text" id="f-contact" name="contact" value="王敏（女儿）"' in drawn


def test_a_field_with_an_error_is_open_even_when_it_was_known() -> None:
    drawn = draw('{{ forms.text("contact", "紧急联系人", "王", source="公安 2026-03-02", error="请写全名") }}')
    assert "<details" not in drawn


def test_a_known_choice_is_shown_in_words_not_in_code() -> None:
    drawn = draw('{{ choices.select("nation", "民族", [("1", "汉"), ("2", "回")], "2", source="公安 2026-03-02") }}')
    assert '<span class="v">回</span>' in drawn
    assert '<option value="2" selected>' in drawn


@pytest.mark.parametrize(("many", "tag"), [(6, 'type="radio"'), (7, "<select")])
def test_few_choices_are_segments_many_are_a_list(many: int, tag: str) -> None:
    drawn = draw('{{ choices.pick("n", "项", options, 3) }}', options=[(i, f"第{i}") for i in range(many)])
    assert tag in drawn
    assert len(re.findall(r" checked| selected", drawn)) == 1  # the number 3 finds the option "3"


def test_yes_no_tells_no_from_not_asked() -> None:
    asked = draw('{{ choices.yes_no("gas", "报警器", false) }}')
    unknown = draw('{{ choices.yes_no("gas", "报警器") }}')
    assert re.search(r'value="0" checked', asked)
    assert "checked" not in unknown


def test_an_unknown_item_is_asked_a_known_one_confirmed() -> None:
    known = draw('{% call choices.ask("care", "照料", "护理员", "长护险 2026-09-30") %}FIELD{% endcall %}')
    unknown = draw('{% call choices.ask("gas", "报警器") %}FIELD{% endcall %}')
    assert 'name="same"' in known and 'value="care"' in known and "FIELD" in known
    assert 'name="same"' not in unknown and "填写" in unknown and "FIELD" in unknown


def test_a_masked_value_opens_only_after_a_reason() -> None:
    drawn = draw("{{ cards.facts([f]) }}", f=Fact("公民身份号码", "310***********1234", "公安", reveal="/why"))
    assert 'href="/why" data-reason="查看公民身份号码"' in drawn


def test_differing_sources_stand_side_by_side() -> None:
    drawn = draw(
        "{{ cards.facts([f]) }}", f=Fact("现住地址", "12 号 302", "走访 2026", others=[("宝山区", "公安 2025")])
    )
    assert "12 号 302" in drawn and "宝山区" in drawn and "公安 2025" in drawn


def test_an_unknown_fact_invites_to_fill_it_in() -> None:
    drawn = draw("{{ cards.facts([f]) }}", f=Fact("报警器", None, edit="/e"))
    assert "—" in drawn and "填写" in drawn and "更正" not in drawn


def test_nothing_to_show_says_what_to_do_first() -> None:
    drawn = draw("{{ cards.empty(e) }}", e=Empty("这里还没有居民", "先导入底册。", "导入底册", "/import"))
    assert "这里还没有居民" in drawn and 'href="/import"' in drawn


def test_an_empty_timeline_is_a_sentence_not_an_empty_list() -> None:
    drawn = draw("{{ flow.timeline([]) }}")
    assert "<ol" not in drawn and "还没有记录" in drawn


def test_a_difference_tells_added_changed_cleared_and_same() -> None:
    changes = [
        Change("电话", "1", "2"),
        Change("婚姻", None, "丧偶"),
        Change("职业", "工人", None),
        Change("姓名", "周", "周"),
    ]
    drawn = draw("{{ flow.diff(changes) }}", changes=changes)
    assert [c.kind for c in changes] == ["changed", "added", "removed", "same"]
    assert drawn.count("<del>") == 2 and drawn.count("<ins>") == 3
    assert "（清空）" in drawn and "不变" in drawn


@pytest.mark.parametrize(("state", "polls"), [("waiting", True), ("running", True), ("done", False), ("failed", False)])
def test_work_is_asked_after_only_while_it_runs(state: str, polls: bool) -> None:
    drawn = draw("{{ flow.job(j, '/jobs/1') }}", j=Job("1", "导入", state, 5, 10, 95.0))
    assert ('hx-trigger="every 2s"' in drawn) is polls
    assert '<progress max="10" value="5"' in drawn


def test_steps_are_read_aloud_with_what_comes_next() -> None:
    drawn = draw('{{ flow.steps(["收到", "派出", "办理"], 1) }}')
    assert "共 3 步，已完成 1 步，下一步：派出" in drawn
    assert "下一步" not in draw('{{ flow.steps(["收到"], 1) }}')


def test_a_figure_has_its_definition_and_opens_the_list_behind_it() -> None:
    drawn = draw(
        "{{ cards.figure(f) }}",
        f=Figure("按时答复", "96.4%", change="+1.2", good=True, href="/late", meaning="期限内答复的件数"),
    )
    assert 'href="/late"' in drawn and "期限内答复的件数" in drawn
    assert '<p class="k"' not in drawn  # a definition folds out; a paragraph cannot hold it


def test_a_ruled_cell_leads_back_to_its_source() -> None:
    drawn = draw("{{ official.ruled([[('序号', 1, 1)]], [[1, none]], where) }}", where=lambda i, j: f"/cell/{i}/{j}")
    assert '<a href="/cell/0/0">1</a>' in drawn and '<a href="/cell/0/1">—</a>' in drawn


def test_an_unknown_icon_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError):
        draw('{{ icon("no-such") }}')
    assert 'role="img" aria-label="当前"' in draw('{{ icon("check", "当前") }}')
    assert 'aria-hidden="true"' in draw('{{ icon("check") }}')


def test_icon_labels_are_escaped() -> None:
    assert "<script" not in draw('{{ icon("check", x) }}', x=HOSTILE)


def test_a_drawn_stamp_says_that_it_is_none_and_never_comes_out_on_paper() -> None:
    assert "样式预览" in draw('{{ official.seal("公交新村居民委员会") }}')
    printed = (HERE / "static/ui/print.css").read_text(encoding="utf-8")
    assert ".seal { display: none !important; }" in printed
