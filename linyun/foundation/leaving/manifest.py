"""What the gate offers: seeing departures, agreeing to them, and how long they and their files are kept."""

from linyun.foundation.leaving.events import DepartureAgreed
from linyun.kernel.declare import Action, Erasure, Manifest, Menu, On, Role

WHO = frozenset({Role.WORKER, Role.STREET, Role.DISTRICT})

manifest = Manifest(
    app="leaving",
    actions=(
        Action("departure.see", "查看导出申请", WHO),
        Action("export.approve", "同意导出名单", WHO),
    ),
    menu=(Menu("departures", "导出申请", "departures", "download", "departure.see", 85),),
    on=(On(DepartureAgreed, "linyun.foundation.leaving.jobs.make"),),
    erasures=(
        Erasure("departure", None, "做成的文件七天后删除，谁导出了什么长期留痕"),
        Erasure("seen", 1, "当天过后删除，只留到达上限的记录半年"),
    ),
)
