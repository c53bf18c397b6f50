"""Words for codes that are the house's own."""

from linyun.kernel.declare import Role

ROLE_NAMES = {
    Role.CITY: "市级",
    Role.DISTRICT: "区级",
    Role.STREET: "街道",
    Role.WORKER: "社区工作者",
    Role.GRID: "网格员",
    Role.CHIEF: "楼组长",
    Role.DEPARTMENT: "条线部门",
    Role.OPERATOR: "运维",
}
