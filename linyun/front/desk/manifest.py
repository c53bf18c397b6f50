"""What the desk offers: its own actions and menu entries."""

from linyun.kernel.declare import Action, Manifest, Menu, Role

AT_THE_DESK = frozenset(Role)

manifest = Manifest(
    app="desk",
    actions=(Action("desk.open", "打开工作台", AT_THE_DESK),),
    menu=(
        Menu("today", "今天", "desk", "home", "desk.open", 10),
        Menu("people", "居民", "people", "people", "person.find", 20),
        Menu("buildings", "房屋", "buildings", "building", "dwelling.see", 30),
    ),
)
