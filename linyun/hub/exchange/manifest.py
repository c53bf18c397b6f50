"""What imports offer."""

from linyun.kernel.declare import Action, Erasure, Export, Manifest, Menu, Role

WORKER = frozenset({Role.WORKER})

manifest = Manifest(
    app="exchange",
    actions=(
        Action("import.see", "查看导入", WORKER),
        Action("import.bring", "上传名单", WORKER),
        Action("import.apply", "导入名单", WORKER),
        Action("import.undo", "撤销导入", WORKER),
    ),
    exports=(Export("refused", "没有收下的行", "import.see", "linyun.hub.exchange.services.leaving"),),
    menu=(Menu("imports", "导入", "imports", "upload", "import.see", 80),),
    erasures=(Erasure("import", 180, "原文件删除，每行的去向随居民记录保留"),),
)
