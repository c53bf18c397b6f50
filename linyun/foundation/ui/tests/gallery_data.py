"""Lifelike invented data for the gallery: names, sentences and figures of a neighbourhood that does not exist."""

from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from linyun.foundation.ui.charts import Bar, Part
from linyun.foundation.ui.icons import ICONS
from linyun.foundation.ui.paging import Page
from linyun.foundation.ui.parts import Change, Chip, Empty, Entry, Fact, Figure, Filter, Job
from linyun.foundation.ui.shell import MenuEntry, PostEntry, Tab, Who, crumbs
from linyun.foundation.ui.tables import BulkAction, Column, Sort, Table
from linyun.kernel.clock import today

MENU = [
    ("今天", "home", "12"),
    ("走访", "visit", "8 户"),
    ("居民", "people", ""),
    ("事项", "matter", "5"),
    ("房屋", "building", ""),
    ("人群", "crowd", ""),
    ("台账", "ledger", "2 将到期"),
    ("数据需求", "exchange", ""),
    ("通知与动员", "notice", ""),
    ("议事", "council", ""),
    ("导入", "upload", ""),
]

CSRF = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="gallery">')
LONE, HEAT = Chip("独居老人"), Chip("高温关怀", "warn")
PEOPLE: list[tuple[str, int, str, int, list[Chip | str], str]] = [
    ("陈阿宝", 91, "3 号 101", 47, [LONE, HEAT], "陈建国（侄）"),
    ("沈美琴", 88, "3 号 402", 41, [LONE, Chip("长护 3 级")], ""),
    ("欧阳志远", 86, "7 号 203", 38, [LONE], "欧阳晴（女）"),
    ("顾福根", 85, "9 号 601", 36, [LONE, "低保"], "居委会"),
    ("阿不都热依木·买买提艾力", 84, "12 号 104", 35, [LONE], "徐强（子）"),
    ("朱小妹", 83, "12 号 503", 33, [LONE, "烈属"], "朱明（子）"),
    ("丁国华", 82, "15 号 302", 32, [], "丁蕾（女）"),
]


def menu(active: str) -> list[MenuEntry]:
    """The side menu with one entry lit."""
    return [MenuEntry(label, "#", icon, badge, label == active) for label, icon, badge in MENU]


def shell(active: str) -> dict[str, Any]:
    """What the desk shell wants."""
    posts = [
        PostEntry("a", "公交新村居委会", "社区工作者", True),
        PostEntry("b", "四平路街道第三网格", "网格员"),
    ]
    return {
        "menu": menu(active),
        "who": Who("林晓岚", "公交新村居委会 · 社区工作者", "u1"),
        "posts": posts,
        "csrf_input": CSRF,
        "search_url": "#find",
        "post_url": "#",
        "leave_url": "#",
        "home_url": "#",
    }


def people(size: int = 7) -> Table:
    """A table with everything: chips, sorting, hidden columns, actions, more to come."""
    rows = [
        {
            "id": i,
            "name": n,
            "age": a,
            "door": d,
            "visited": today() - timedelta(days=v),
            "tags": t,
            "kin": k,
            "sex": "女",
        }
        for i, (n, a, d, v, t, k) in enumerate((PEOPLE * 9)[:size])
    ]
    columns = [
        Column("name", "姓名", sortable=True),
        Column("age", "年龄", sortable=True, numeric=True),
        Column("door", "门牌", sortable=True),
        Column(
            "visited", "最近走访", sortable=True, kind="ago", meaning="最后一次见到本人或通上话的日子，按走访记录计算。"
        ),
        Column("tags", "标签", kind="chips"),
        Column("kin", "紧急联系人"),
        Column("sex", "性别", hidden=True),
    ]
    actions = [
        BulkAction("排入走访", "#visit", "primary"),
        BulkAction("发通知", "#notice"),
        BulkAction("生成台账", "#ledger"),
        BulkAction("导出", "#export", ask="导出会记入查看记录。确定导出选中的居民吗？"),
    ]
    return Table(
        "people",
        columns,
        Page(rows, "after", 23),
        href=lambda row: f"#person-{row['id']}",
        sort=Sort("age", True),
        noun="人",
        note="公交新村 4,986 人中 · 数据截至刚才",
        caption="人群名单",
        actions=actions,
    )


def crowd() -> dict[str, Any]:
    """The crowd page of the mock."""
    return {
        **shell("人群"),
        "people": people(),
        "filters": [
            Filter("年龄", "不小于", "80", "#"),
            Filter("标签", "有", "独居老人", "#"),
            Filter("最近走访", "早于", "30 天前", "#"),
            Filter("子女", "没有一个", "住在本区", "#"),
        ],
        "says": "80 岁及以上、独居、30 天内没有走访过、子女都不住在杨浦区的居民。",
        "profile": [
            Bar("女性", 65, "65%", "#"),
            Bar("长护等级", 43, "43%", "#"),
            Bar("低保", None, "", "#"),
            Bar("无电梯楼", 91, "91%", "#"),
            Bar("会用微信", 26, "26%", "#"),
        ],
    }


def visits() -> list[Entry]:
    """Three entries of a timeline."""
    return [
        Entry(date(today().year, 11, 13), "在家休息，身体一般。自来水费可以付了，答应周五陪去。", "上门", "林晓岚"),
        Entry(date(today().year, 11, 6), "能自己下床，胃口好些。女儿周末来。", "电话", "李静"),
        Entry(
            date(today().year - 1, 10, 29),
            "出院第二天，楼道扶手松动，已报修。",
            "上门",
            "林晓岚",
            "#m",
            [Chip("已报修 #1187", "ok")],
        ),
    ]


def facts() -> list[Fact]:
    """What is held about a person, in every variety."""
    return [
        Fact("公民身份号码", "310***********1234", "公安 2026-03-02", reveal="#why"),
        Fact("联系电话", "199****2041", "走访 2026-11-06 · 林晓岚", edit="#e"),
        Fact(
            "现住地址",
            "四平路街道公交新村 12 号 302 室",
            "走访 2026-03-02",
            edit="#e",
            others=[("宝山区大场镇环镇南路 858 弄", "公安 2025-08-19")],
        ),
        Fact("日常由谁照料", "护理员，每周 3 小时", "长护险系统 2026-09-30", edit="#e", stale=True),
        Fact("家中燃气报警器", None, "", edit="#e"),
        Fact("是否会用智能手机", False, "走访 2025-12-01", edit="#e"),
    ]


def person() -> dict[str, Any]:
    """The resident page of the mock."""
    return {
        **shell("居民"),
        "tags": [LONE, Chip("长护 2 级"), Chip("骨折恢复 至 12-20", "warn"), Chip("女儿在宝山", "plain")],
        "visits": visits(),
        "facts": facts(),
    }


def portal() -> dict[str, Any]:
    """The residents' portal of the mock."""
    entries = [("首页", "home"), ("议事", "council"), ("邻里", "heart"), ("我的", "person")]
    return {
        "place": "公交新村",
        "greeting": "徐女士，您是已核实的邻居（12 号楼）",
        "csrf_input": CSRF,
        "menu": [MenuEntry(label, "#", icon, "", label == "首页") for label, icon in entries],
        "steps": ["收到", "派出", "办理", "确认"],
    }


def figures() -> list[Figure]:
    """Figures with and without a change, a unit, a definition."""
    return [
        Figure(
            "按时答复",
            "96.4%",
            change="+1.2",
            good=True,
            href="#",
            meaning="期限内给出第一次答复的件数，占应答复件数。",
        ),
        Figure("居民确认办好", "68.1%", change="−0.6", good=False, href="#", sub="近 30 天"),
        Figure("本月少敲的门", "2,316", "户次", meaning="各条线分头走访的户次，减去合并后实际的户次。"),
        Figure("台账自动填写", "93.7%"),
    ]


def jobs() -> list[Job]:
    """Work under way, done and failed."""
    return [
        Job(
            "1",
            "导入 居民底册（2026 年 11 月）.xlsx",
            "running",
            61_240,
            100_000,
            95,
            "已写入 61,240 行，37 行有问题",
        ),
        Job("2", "生成全部台账", "done", 57, 57, url="#"),
        Job("3", "导出居民名单", "failed", said="磁盘空间不足，请联系管理员后重试。"),
    ]


def changes() -> list[Change]:
    """A value kept, changed, added, cleared."""
    return [
        Change("姓名", "周桂芳", "周桂芳"),
        Change("联系电话", "199****2041", "199****7788", "导入 第 18 行"),
        Change("婚姻状况", None, "丧偶", "公安 2026-03-02"),
        Change("职业", "退休工人", None),
    ]


def ruled() -> tuple[list[list[tuple[str, int, int]]], list[list[Any]]]:
    """Heads of two rows and the cells of an official table."""
    return (
        [
            [("序号", 1, 2), ("姓名", 1, 2), ("家庭情况", 2, 1), ("最近走访", 1, 2)],
            [("地址", 1, 1), ("紧急联系人", 1, 1)],
        ],
        [
            [1, "陈阿宝", "3 号 101 室", "陈建国（侄）", "2026-10-06"],
            [2, "沈美琴", "3 号 402 室", "—", "2026-10-12"],
            [3, "欧阳志远", "7 号 203 室", "欧阳晴（女）", "2026-10-15"],
        ],
    )


def options() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in the sample form."""
    return {
        "sexes": [("1", "男"), ("2", "女"), ("9", "未说明")],
        "modes": [("in", "上门"), ("door", "门口"), ("phone", "电话"), ("wechat", "微信"), ("other", "其他")],
        "nations": [(str(i), n) for i, n in enumerate(["汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮"])],
        "seen": [
            ("home", "在家"),
            ("well", "精神不错"),
            ("meal", "吃得少"),
            ("fall", "摔过"),
            ("cold", "没开暖气"),
            ("help", "需要帮忙"),
        ],
    }


def everything() -> dict[str, Any]:
    """All parts on one page."""
    return {
        **crowd(),
        **person(),
        "menu": menu("台账"),
        "crumbs": crumbs(("台账", "#"), ("民政", "#"), "独居老人名单"),
        "tabs": [
            Tab("全部", "#", True, "128"),
            Tab("将到期", "#", badge="2"),
            Tab("已结清", "#"),
            Tab("由上级布置的临时台账", "#"),
        ],
        "figures": figures(),
        "jobs": jobs(),
        "changes": changes(),
        "parts": [
            Part("报事人确认", 62, "ok"),
            Part("未回音", 14, "quiet"),
            Part("办理中", 16, "accent"),
            Part("退回重办", 8, "warn"),
        ],
        "trend": [
            (f"{m} 月", v)
            for m, v in zip(range(1, 12), (210, 180, 260, 240, 300, 280, 260, 330, 310, 360, 342), strict=True)
        ],
        "empty": Empty(
            "这里还没有居民",
            "先导入手头的底册，Excel 原样拖进来就可以；也可以先登记一户试试。",
            "导入底册",
            "#",
            "people",
        ),
        **options(),
        "ruled": ruled(),
        "on": date(2026, 11, 22),
        "icon_names": list(ICONS),
    }
