"""The codes that made people carry, with the words that mean them in a roster.

Sets are named after the house's items; their codes are a part of those in seeds/codesets, where editions are given.
"""

SEX = {"1": "男", "2": "女"}
"""GB/T 2261.1-2003."""

ETHNICITY = {
    "01": "汉族",
    "02": "蒙古族",
    "03": "回族",
    "06": "苗族",
    "08": "壮族",
    "10": "朝鲜族",
    "11": "满族",
    "15": "土家族",
}
"""GB/T 3304-1991, those that are drawn."""

EDUCATION = {
    "10": "研究生",
    "20": "大学本科",
    "30": "大学专科",
    "40": "中专",
    "60": "高中",
    "70": "初中",
    "80": "小学",
    "90": "文盲或半文盲",
}
"""GB/T 4658-2006, main groups."""

MARITAL_STATUS = {"10": "未婚", "20": "已婚", "30": "丧偶", "40": "离婚"}
"""GB/T 2261.2-2003, main groups."""

POLITICAL_STATUS = {"01": "中共党员", "02": "中共预备党员", "03": "共青团员", "13": "群众"}
"""GB/T 4762-1984, those that are drawn."""

EMPLOYMENT_STATUS = {
    "11": "国家公务员",
    "13": "专业技术人员",
    "17": "职员",
    "21": "企业管理人员",
    "24": "工人",
    "31": "学生",
    "51": "自由职业者",
    "54": "个体经营者",
    "70": "无业人员",
    "80": "退休",
}
"""GB/T 2261.4-2003, those that are drawn."""

RELATION = {
    "02": "户主",
    "11": "夫",
    "12": "妻",
    "20": "子",
    "28": "女婿",
    "30": "女",
    "38": "儿媳",
    "41": "孙子",
    "42": "孙女",
    "43": "外孙子",
    "44": "外孙女",
    "51": "父亲",
    "52": "母亲",
    "53": "公公",
    "54": "婆婆",
    "55": "岳父",
    "56": "岳母",
    "99": "非亲属",
}
"""Relation to the head of the household, GB/T 4761-2008."""

POPULATION_KIND = {"01": "户籍人口", "02": "流动人口"}
"""Person kinds of GB/T 31000-2015; empty for those who own a home here but neither live nor are registered here."""

HOUSEHOLD_TYPE = {"1": "居民家庭户口", "2": "居民集体户口"}

KIND_OF_HOUSEHOLD = {"1": "家庭户", "2": "集体户"}

DISABILITY_TYPE = {"1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重"}
"""GB/T 26341-2010; levels 1 (most severe) to 4."""

AID_TYPE = {"01": "低保", "02": "特困", "03": "低收入", "04": "支出型贫困"}

SERVICE_STATUS = {"01": "退役军人", "03": "转业干部", "08": "烈属"}

COMMUNITY_ROLE = {"03": "楼组长", "07": "志愿者"}

EMERGENCY_RELATION = {"1": "配偶", "2": "子女", "6": "其他亲属"}

DWELLING_USE = {"0": "自住", "1": "商用", "2": "出租", "99": "其他"}
"""House use of GB/T 31000-2015; an empty flat is 99."""

TENURE = {"1": "商品房", "2": "售后公房", "3": "公有租赁"}

PSEUDO_DWELLING = {"1": "集体户", "2": "已拆迁地址"}

VISIT_MODE = {"1": "接待", "2": "走访", "3": "电话", "4": "微信", "5": "楼宇视频", "6": "其他"}

KIN = ("spouse", "child", "parent", "grandchild", "grandparent", "sibling")
"""``kin_person_id`` is this to ``person_id``."""

ORGANISATION_TYPE = {"1": "企业", "2": "个体工商户", "3": "社会组织", "6": "物业服务企业"}

INDUSTRY = {"F": "零售", "H": "餐饮", "K": "房地产业", "O": "居民服务", "P": "教育", "Q": "养老", "R": "文体"}
"""GB/T 4754-2017, those that are drawn."""

PLACE_TYPE = {
    "lift": "电梯",
    "hydrant": "消防栓",
    "fitness": "健身点",
    "charging": "充电桩",
    "waste": "垃圾分类投放点",
    "defibrillator": "AED",
    "noticeboard": "宣传栏",
}
