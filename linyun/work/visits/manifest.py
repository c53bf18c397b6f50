"""What visits offer: terms for rules, rows for ledgers, actions, the menu entry."""

from django.conf import settings

from linyun.kernel import seeds
from linyun.kernel.declare import Action, Erasure, Export, Kind, LedgerSource, Manifest, Menu, Role, Subject, Term

STAFF = frozenset({Role.WORKER, Role.GRID, Role.CHIEF})
_OF = "from visits_visit v where v.person_id = {s}.id and v.withdrawn_at is null"
# What a record merged into this one was told is this one's too. Hardly anybody has one: it is looked for by itself, so
# that one's own visits are still found by their index alone.
_MERGED = _OF.replace(" v where v.person_id", " v join records_person d on d.id = v.person_id where d.merged_into_id")


def _either(what: str, more: str = "") -> str:
    return f"(select {what} {_OF}{more}), (select {what} {_MERGED}{more})"


manifest = Manifest(
    app="visits",
    rhythms=tuple(seeds.load_rhythms(settings.SEEDS)),
    terms=(
        Term("last_visit", "最近走访", Subject.PERSON, Kind.DATE, f"greatest({_either('max(v.visited_on)')})",
             names=("上次走访", "最近走访时间", "上次走访时间")),
        Term("visit_count", "走访次数", Subject.PERSON, Kind.INTEGER,
             f"((select count(*) {_OF}) + (select count(*) {_MERGED}))::int", unit="次"),
        Term("last_visit_text", "最近走访情况", Subject.PERSON, Kind.TEXT,
             f"(select v.situation from (select v.* {_OF} union all select v.* {_MERGED}) v"  # noqa: S608
             " order by v.visited_on desc, v.id desc limit 1)"),
        Term("follow_up_due", "约定回访日", Subject.PERSON, Kind.DATE,
             f"least({_either('min(v.follow_up_on)', ' and v.followed_up_by_id is null')})"),
    ),
    ledger_sources=(
        LedgerSource(
            code="visit", name="走访", subject=Subject.PERSON,
            sql="visits_visit v join records_person d on d.id = v.person_id"
                " join records_person {s} on {s}.id = coalesce(d.merged_into_id, d.id) where v.withdrawn_at is null",
            cells={
                "visited_on": (Kind.DATE, "v.visited_on"),
                "visit_mode": (Kind.CODE, "v.mode"),
                "visitor": (Kind.TEXT, "v.visitor"),
                "person_name": (Kind.TEXT, "{s}.name"),
                "person_phone": (Kind.PHONE, "{s}.phone"),
                "situation": (Kind.TEXT, "v.situation"),
                "needs": (Kind.TEXT, "v.needs"),
                "action": (Kind.TEXT, "v.action"),
                "outcome": (Kind.TEXT, "v.outcome"),
                "topic": (Kind.TEXT, "v.topic"),
                "follow_up_on": (Kind.DATE, "v.follow_up_on"),
            },
            ref="v.id", ref_kind="visit", order="v.visited_on, v.id", dated="v.visited_on",
        ),
    ),
    actions=(
        Action("visit.see", "查看走访", STAFF),
        Action("visit.see_all", "查看别人写的走访", STAFF - {Role.CHIEF}),
        Action("visit.write", "写走访", STAFF),
        Action("visit.export", "导出走访", frozenset({Role.WORKER})),
        Action("visit.plan", "安排走访", frozenset({Role.WORKER, Role.GRID})),
        Action("visit.import", "批量导入走访", frozenset({Role.WORKER})),
    ),
    exports=(
        Export("visits", "走访", "visit.export", "linyun.work.visits.export.leaving"),
        Export("bulk", "没有写入的走访", "visit.import", "linyun.work.visits.bulk.leaving"),
    ),
    menu=(
        Menu("visits", "走访", "visits", "door", "visit.see", 50),
        Menu("plan", "排入走访", "visit_plan", "visit", "visit.plan", 10, face="crowd"),
    ),
    erasures=(
        Erasure("visit", None, "随居民记录"),
        Erasure("photo", 1095, "三年后删除"),
        Erasure("bulk", 365, "一年后删除原表，写成的走访保留"),
    ),
)  # fmt: skip
