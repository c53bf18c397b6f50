"""What header words mean: the items' own names, the special targets of a table, and whose data a column holds."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz, process

from linyun.kernel.declare import Item, Subject
from linyun.kernel.values.text import clean, dashes

SPECIALS: dict[str, str] = {
    "@sequence": "序号 序 编号 行号 № NO NO. 号码顺序",
    "@address": "地址 住址 家庭住址 家庭地址 现住址 现住地址 现居住地 现居住地址 居住地址 居住地 实际居住地址 实际居住地 常住地址 门牌号 门牌 门牌号码 "
    "门牌地址 房屋地址 详细地址 住宅地址 居住处所 被访者地址 房屋坐落 坐落 住所 居住详址 现住详址 住宅门牌 楼栋门牌 室号地址 通讯地址 联系地址 "
    "居住住址 房号地址 走访地址 家庭详细地址 详址",
    "@registered": "户籍地址 户籍地 户口地址 户口所在地 户籍所在地 户籍住址 户口地 户籍详址 户籍 户籍详细地址 户口住址",
    "@estate": "小区 小区名称 居住小区 所在小区 住宅小区 小区名 居住区",
    "@road": "路名 道路 路 街路巷 道路名称",
    "@lane": "弄 弄号 里弄 弄堂",
    "@building": "楼号 楼栋 楼栋号 栋号 幢号 号 楼 幢 栋 门号 楼栋编号 号楼 楼幢 楼幢号 楼栋名称 楼宇 几号楼 门洞号 楼组号",
    "@unit": "单元 单元号 单元编号 门洞 单元名称",
    "@floor": "楼层 房屋楼层 层 所在楼层 层次 楼层数",
    "@room": "室号 房号 室 房间号 户室 房屋编号 房室号 室号码 房间 户室号 房屋号 房屋室号",
    "@household": "户号 户编号 家庭编号 户口簿号 户口号 户籍号 家庭户号 户序号 户口本号 户口簿编号 家庭号 户",
    "@relation": "与户主关系 户主关系 与户主的关系 关系 家庭关系 称谓 与户主之关系 与本户关系 成员关系",
    "@head_name": "户主姓名 户主 户主名字 户主名称 户主名",
    "@head_identity": "户主身份证 户主身份证号 户主身份证号码 户主公民身份号码 户主证件号码",
    "@head_phone": "户主电话 户主联系电话 户主联系方式 户主手机 户主手机号",
    "@age": "年龄 周岁 实足年龄 岁数 年纪",
    "@remark": "备注 说明 备考 附注",
    "@committee": "居委会 所属居委 所属居委会 居委 社区 所属社区 社区名称 居民区",
    "@grid": "网格 所属网格 网格号 网格编号 网格名称 微网格",
    "@street": "街道 所属街道 街镇 街道名称 乡镇",
    "@tags": "标签 房屋标签 人员标签 居民标签",
    "@owner_no": "业主编号 产权人编号",
    "@visit_date": "走访时间 走访日期 探访日期 探访时间 慰问时间 接待时间 来访时间 来访日期 接待日期",
    "@visit_mode": "走访方式 走访形式 探访方式 联系形式 走访类型",
    "@visitor": "走访人 走访者 走访人员 探访人 探访人员 走访干部 接待人 慰问人",
    "@visit_content": "走访内容 走访情况 探访内容 探访情况 走访记录 家庭基本情况 反映的需求、问题和建议 反映问题 反映情况 走访主要内容",
    "@visit_measure": "采取的对策和措施 采取措施 处理措施 对策措施 解决措施",
    "@visit_result": "处理结果 走访结果 办理结果 解决情况",
    "@visited_kind": "被访者类型 走访对象类型 被访者类别",
    "@date": "日期 时间",
    "@content": "内容 情况",
    "@parking_no": "车位编码 车位号 车位编号 泊位号 停车位编号",
    "@parking_kind": "车位类型 车位性质",
    "@plate": "车牌号 车牌号码 车牌 牌照 牌照号",
    "@building_name": "建筑名称 楼宇名称 大楼名称 楼盘名称",
    "@storeys": "总层数 层数 总楼层 地上层数",
    "@units_count": "楼栋数 单元数 总户数 户数 约居住人数 企业数 底商数 电梯数 室内车位数 室外车位数 总楼栋数",
    "@builder": "开发商 施工单位 物业公司 物业费标准 是否通燃气 建成年份",
    "@office": "部门 机构 单位 区公所 DEPARTMENT 部門 單位 1級單位 2級單位 3級單位 科室 处室 所属部门",
    "@field": "字段 字段名 数据类型 是否必填 是否可以为空 注释 非空 字段类型 类型 字段说明",
    "@reason": "退回原因 未收原因 错误原因",
    "@origin_row": "原表行号 原行号",
}
"""Targets that are no items of one subject: address parts, household ties, visits, signs of other kinds of table."""

NAMES = {
    "@sequence": "序号", "@address": "地址（现住）", "@registered": "户籍地址", "@estate": "小区", "@road": "路名", "@lane": "弄", "@building": "楼号",
    "@unit": "单元", "@floor": "楼层", "@room": "室号", "@household": "户号", "@relation": "与户主关系", "@head_name": "户主姓名",
    "@head_identity": "户主证件号码", "@head_phone": "户主电话", "@age": "年龄（只作核对）", "@remark": "备注", "@owner_no": "业主编号",
    "@visit_date": "走访日期", "@visit_mode": "走访方式", "@visitor": "走访人", "@visit_content": "走访内容", "@visit_measure": "采取的措施",
    "@visit_result": "处理结果", "@visited_kind": "被访者类型", "@plate": "车牌号", "@parking_no": "车位号", "@parking_kind": "车位类型",
    "@storeys": "总层数", "@building_name": "建筑名称", "@tags": "标签",
}  # fmt: skip
"""How special targets are called where a worker chooses one."""

ADDRESS_PARTS = ("estate", "road", "lane", "building", "unit", "floor", "room")
IGNORED = frozenset(["@reason", "@origin_row"])
OTHERS = re.compile(
    r"(?:紧急|第[一二三四]|备用|其他)?(?:联系人|联络人)|监护人|房东|出租人|配偶|丈夫|妻子|子女|父亲|母亲|父母|儿子|女儿|法人|法定代表人|负责人|业委会|物业|"
    r"安全负责人|楼组长|楼长|网格员|网格长|帮扶|结对|介绍人|照料人|护理员|填表|填报|审核|经办|走访人|走访者|代理人|委托人|亲属|家属|民警|社工|担保人|推荐人|"
    r"参与|培养|单位"
)
"""Headers that begin so speak of somebody else than the row's own person."""

_SELF = re.compile(
    r"(?:居民|本人|老人|老年人|人员|被访者|被走访人|被走访者|走访对象|对象|住户|学生|儿童|党员|残疾人|业主|产权人|租户|租客|承租人|个人|成员|家庭成员|员工|"
    r"从业人员|从业者|申请人|人口|房屋|户内人员)(?:的)?"
)
_SUFFIX = re.compile(r"(?:情况|信息|名称|名字|号|号码|代码|一栏|栏|填写|名)\Z")
_BRACKET = re.compile(r"[(\[【{][^()\[\]【】{}]*[)\]】}]")
_SIGNS = re.compile(r"[\s*※★·:;。,、_\"'“”‘’|]+")
_NUMBERING = re.compile(r"\A\d{1,2}[.、)]")
_LETTERS = re.compile(r"[A-Za-z\u3400-\u9fff№]")


class Candidate(NamedTuple):
    """A meaning that a header may have. ``target``: "person.name" for an item, "@address" for a special."""

    target: str
    score: float
    reason: str


def fold(header: str) -> str:
    """A header without blanks, signs, numbering and remarks in brackets."""
    text = dashes(clean(header))
    bare = _SIGNS.sub("", _NUMBERING.sub("", _BRACKET.sub("", text)))
    return (bare or _SIGNS.sub("", text)).upper()


def target_of(item: Item) -> str:
    """The target of an item: its own, or the special one that means the same place."""
    if item.subject is Subject.DWELLING and item.code in ADDRESS_PARTS:
        return f"@{item.code}"
    if item.subject in (Subject.PERSON, Subject.DWELLING):
        for special in ("@registered", "@address"):
            if item.name in SPECIALS[special].split():
                return special
    if item.subject is Subject.HOUSEHOLD and item.name == "户号":
        return "@household"
    return f"{item.subject}.{item.code}"


class Vocabulary:
    """All header wordings known: those of ``items`` and the special ones. ``look`` tells what a header may mean."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items: dict[str, Item] = {}
        self._index: dict[str, list[str]] = defaultdict(list)
        for special, words in SPECIALS.items():
            for word in words.split():
                self._add(word, special)
        for item in items:
            target = target_of(item)
            self.items.setdefault(f"{item.subject}.{item.code}", item)
            for word in (item.name, *item.names):
                self._add(word, target)
        self._keys = [k for k in self._index if len(k) >= 2]
        self._memo: dict[str, list[Candidate]] = {}

    def _add(self, word: str, target: str) -> None:
        targets = self._index[fold(word)]
        if target not in targets:
            targets.append(target)

    def look(self, header: str) -> list[Candidate]:
        """What a header may mean, the likeliest first; [] when nothing is like it or it speaks of somebody else."""
        key = fold(header)
        if key not in self._memo:
            self._memo[key] = self._look(key) if key and len(key) <= 40 and _LETTERS.search(key) else []
        return self._memo[key]

    def score(self, header: str) -> float:
        """How surely a text is a header word: 0 … 1."""
        found = self.look(header)
        return found[0].score if found else 0.0

    def _exact(self, key: str, score: float, reason: str) -> list[Candidate]:
        return [Candidate(t, score, reason) for t in self._index.get(key, ())]

    def _look(self, key: str) -> list[Candidate]:
        if found := self._exact(key, 1.0, "列名就是它"):
            return found
        if "/" in key:
            parts = [c for part in key.split("/") for c in self._exact(part, 0.9, f"列名里有“{part}”")]
            if parts:
                return parts
        if own := _SELF.match(key):
            if found := self._exact(key[own.end() :], 0.9, f"列名去掉“{own[0]}”就是它"):
                return found
            if key[own.end() :] in ("名称", "名"):
                return [Candidate("person.name", 0.8, "列名像人的名称")] if own[0] != "房屋" else []
        if OTHERS.match(key):
            return []
        if (end := _SUFFIX.search(key)) and (
            found := self._exact(key[: end.start()], 0.8, f"列名去掉“{end[0]}”就是它")
        ):
            return found
        return self._inside(key) or self._near(key)

    def _inside(self, key: str) -> list[Candidate]:
        """The longest known wording at the end of the header (where its noun stands), at least a half of it."""
        inside = [k for k in self._keys if 2 * len(k) >= len(key) and (key.endswith(k) or key.rstrip("0123456789一二") == k)]
        if not inside:
            return []
        longest = max(inside, key=len)
        return self._exact(longest, 0.55 + 0.2 * len(longest) / len(key), f"列名里有“{longest}”")

    def _near(self, key: str) -> list[Candidate]:
        if len(key) < 4:
            return []
        near = process.extractOne(key, self._keys, scorer=fuzz.ratio, score_cutoff=74)
        return self._exact(near[0], 0.5, f"列名像“{near[0]}”") if near else []
