"""What tags offer: the dictionary as seeded, and who may set one."""

from django.conf import settings

from linyun.hub.records.events import OperationDone, OperationUndone
from linyun.kernel import seeds
from linyun.kernel.declare import Action, Erasure, Kind, Level, Manifest, Menu, On, Role, Subject, Term

STAFF = frozenset({Role.WORKER, Role.GRID})

MARKS_OF = (
    "tags_mark m where m.subject_id = {s}.id and m.retracted_at is null and (m.until is null or m.until > {today})"
)

manifest = Manifest(
    app="tags",
    tags=tuple(seeds.load_tags(settings.SEEDS)),
    terms=(
        Term("mark_count", "手工标签数", Subject.PERSON, Kind.INTEGER, f"(select count(*)::int from {MARKS_OF})"),  # noqa: S608
        Term(
            "mark_codes",
            "手工标签",
            Subject.PERSON,
            Kind.TEXT,
            f"(select string_agg(m.tag, ',') from {MARKS_OF})",  # noqa: S608
            level=Level.SENSITIVE,  # it names every tag set by hand, the sensitive ones too
        ),
    ),
    actions=(
        Action("tag.see", "查看标签词典", frozenset(Role) - {Role.CHIEF}),
        Action("tag.set", "设置标签", STAFF),
    ),
    menu=(Menu("tags", "标签词典", "tags", "tag", "tag.see", 85),),
    on=(On(OperationDone, "linyun.hub.tags.jobs.done"), On(OperationUndone, "linyun.hub.tags.jobs.undone")),
    erasures=(Erasure("mark", 730, "到期两年后删除"),),
)
