"""What records offer: the items with their code sets, departments and sources, terms and relations for rules, actions."""

from django.conf import settings

from linyun.hub.records.terms import RELATIONS, TERMS
from linyun.kernel import seeds
from linyun.kernel.declare import Action, Erasure, Manifest, Menu, Role

AT_THE_COMMITTEE = frozenset({Role.WORKER, Role.GRID})
ABOVE = frozenset({Role.STREET, Role.DISTRICT, Role.CITY})

manifest = Manifest(
    app="records",
    items=tuple(seeds.load_items(settings.SEEDS)),
    code_sets=tuple(seeds.load_code_sets(settings.SEEDS)),
    departments=tuple(seeds.load_departments(settings.SEEDS)),
    sources=tuple(seeds.load_sources(settings.SEEDS)),
    terms=TERMS,
    relations=RELATIONS,
    actions=(
        Action("person.find", "查找居民", AT_THE_COMMITTEE | {Role.CHIEF}),
        Action("person.see", "查看居民", AT_THE_COMMITTEE | {Role.CHIEF, Role.STREET}),
        Action("person.unmask", "查看完整证件号", frozenset({Role.WORKER})),
        Action("person.correct", "更正居民信息", AT_THE_COMMITTEE),
        Action("record.operate", "办理迁入迁出等变动", frozenset({Role.WORKER})),
        Action("record.settle", "核定有分歧的数据", frozenset({Role.WORKER})),
        Action("dwelling.see", "查看房屋", AT_THE_COMMITTEE | {Role.CHIEF, Role.STREET}),
        Action("item.see", "查看数据元目录", AT_THE_COMMITTEE | ABOVE | {Role.DEPARTMENT, Role.OPERATOR}),
        Action("item.add", "新增数据元", frozenset({Role.WORKER, Role.STREET, Role.DEPARTMENT, Role.OPERATOR})),
    ),
    menu=(
        Menu("disagreements", "说法不一致", "disagreements", "help", "record.settle", 80),
        Menu("items", "数据元目录", "items", "columns", "item.see", 86),
    ),
    erasures=(
        Erasure("statement", None, "保留到主体记录依法删除时一并删除"),
        Erasure("operation", None, "随主体记录"),
    ),
)
