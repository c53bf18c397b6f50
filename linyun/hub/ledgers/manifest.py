"""What ledgers offer: the sources of rows, the ledgers that every committee keeps, actions, the menu entry."""

from django.conf import settings

from linyun.hub.ledgers.sources import SOURCES
from linyun.kernel import seeds
from linyun.kernel.declare import Action, Erasure, Export, Manifest, Menu, Role

STAFF = frozenset({Role.WORKER, Role.GRID})

manifest = Manifest(
    app="ledgers",
    ledgers=tuple(seeds.load_ledgers(settings.SEEDS)),
    ledger_sources=SOURCES,
    actions=(
        Action("ledger.see", "查看台账", STAFF),
        Action("ledger.export", "导出台账", frozenset({Role.WORKER})),
        Action("ledger.full", "导出完整证件号", frozenset({Role.WORKER})),
        Action("ledger.entry", "登记台账", STAFF),
        Action("ledger.close", "封账", frozenset({Role.WORKER})),
        Action("ledger.define", "新建台账", frozenset({Role.WORKER})),
    ),
    exports=(
        Export("ledger", "一本台账", "ledger.export", "linyun.hub.ledgers.exports.leaving"),
        Export("ledgers", "全部台账", "ledger.export", "linyun.hub.ledgers.exports.leaving_all"),
        Export("closing", "封过的账", "ledger.export", "linyun.hub.ledgers.exports.leaving_closing"),
    ),
    menu=(Menu("ledgers", "台账", "ledgers", "ledger", "ledger.see", 60, badge="linyun.hub.ledgers.duty.due_badge"),),
    erasures=(
        Erasure("ledger_entry", None, "保留到台账依法归档"),
        Erasure("ledger_closing", 3650, "十年后连同登记内容删除"),
    ),
)
