"""What crowds offer: who may count, list, save and export them, and the menu entry."""

from linyun.kernel.declare import Action, Erasure, Export, Manifest, Menu, Role

STAFF = frozenset({Role.WORKER, Role.GRID})
ABOVE = frozenset({Role.STREET, Role.DISTRICT, Role.CITY, Role.DEPARTMENT})

manifest = Manifest(
    app="scan",
    actions=(
        Action("crowd.count", "统计人群", STAFF | ABOVE),
        Action("crowd.list", "查看人群名单", STAFF),
        Action("crowd.save", "保存人群", STAFF | ABOVE),
        Action("crowd.export", "导出人群", frozenset({Role.WORKER})),
    ),
    exports=(Export("crowd", "人群", "crowd.export", "linyun.hub.scan.services.leaving"),),
    menu=(Menu("crowds", "人群", "crowds", "crowd", "crowd.count", 40),),
    erasures=(Erasure("crowd", 365, "不再使用一年后删除"),),
)
