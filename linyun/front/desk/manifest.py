"""What the desk offers: its own actions and menu entries."""

from linyun.kernel.declare import Action, Export, Manifest, Menu, Role

AT_THE_DESK = frozenset(Role)
AT_THE_COMMITTEE = frozenset({Role.WORKER, Role.GRID})

manifest = Manifest(
    app="desk",
    actions=(
        Action("desk.open", "打开工作台", AT_THE_DESK),
        Action("desk.file", "查看居民的标签和各项信息", AT_THE_COMMITTEE | {Role.STREET}),
        Action("desk.daily", "查看居民不必每次说明理由", AT_THE_COMMITTEE | {Role.CHIEF}),
        Action("household.see", "查看一户人家", AT_THE_COMMITTEE),
        Action("people.export", "导出居民名单", frozenset({Role.WORKER})),
    ),
    exports=(Export("people", "居民名单", "people.export", "linyun.front.desk.lists.leaving"),),
    menu=(
        Menu("today", "今天", "desk", "home", "desk.open", 10),
        Menu("people", "居民", "people", "people", "person.find", 20),
        Menu("buildings", "房屋", "buildings", "building", "dwelling.see", 30),
    ),
)
