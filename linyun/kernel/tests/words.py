"""The words that upper apps offer to rules and ledgers, as agreed: enough to check the shipped content here."""

from linyun.kernel.declare import Kind, LedgerSource, Relation, Subject, Term

TERMS = [
    Term(code, name, subject, kind, "null", code_set=code_set, names=names, unit=unit)
    for code, name, subject, kind, code_set, names, unit in [
        ("age", "年龄", Subject.PERSON, Kind.INTEGER, "", ("周岁", "岁数"), "岁"),
        ("lives_here", "居住在本居委", Subject.PERSON, Kind.BOOLEAN, "", (), ""),
        ("registered_here", "户籍在本居委", Subject.PERSON, Kind.BOOLEAN, "", (), ""),
        ("registered_lives_here", "人户一致", Subject.PERSON, Kind.BOOLEAN, "", (), ""),
        ("owns_dwelling", "有产权房", Subject.PERSON, Kind.BOOLEAN, "", (), ""),
        ("housemate_count", "同住人数", Subject.PERSON, Kind.INTEGER, "", (), "人"),
        ("is_head", "是户主", Subject.PERSON, Kind.BOOLEAN, "", (), ""),
        ("relation_to_head", "与户主关系", Subject.PERSON, Kind.CODE, "relation_to_head", (), ""),
        ("lives_in", "居住区域", Subject.PERSON, Kind.AREA, "", ("所在区域",), ""),
        ("last_visit", "最近走访", Subject.PERSON, Kind.DATE, "", ("上次走访",), ""),
        ("visit_count", "走访次数", Subject.PERSON, Kind.INTEGER, "", (), "次"),
        ("follow_up_due", "约定回访日", Subject.PERSON, Kind.DATE, "", (), ""),
        ("member_count", "户内人数", Subject.HOUSEHOLD, Kind.INTEGER, "", (), "人"),
        ("resident_count", "居住人数", Subject.DWELLING, Kind.INTEGER, "", (), "人"),
        ("registered_count", "户籍人数", Subject.DWELLING, Kind.INTEGER, "", (), "人"),
    ]
]

RELATIONS = [
    Relation(code, name, subject, target, "", names)
    for code, name, subject, target, names in [
        ("housemate", "同住家人", Subject.PERSON, Subject.PERSON, ("同住人",)),
        ("household_member", "户内家人", Subject.PERSON, Subject.PERSON, ()),
        ("home", "现住房屋", Subject.PERSON, Subject.DWELLING, ("居住房屋",)),
        ("kin", "亲属", Subject.PERSON, Subject.PERSON, ()),
        ("child", "子女", Subject.PERSON, Subject.PERSON, ()),
        ("member", "户内成员", Subject.HOUSEHOLD, Subject.PERSON, ("成员",)),
        ("resident", "实际居住人", Subject.DWELLING, Subject.PERSON, ("居住人",)),
        ("registered_person", "户籍人员", Subject.DWELLING, Subject.PERSON, ()),
    ]
]

_PERSON_CELLS = "address registered_text building_text household_number head_name head_phone tags"
_VISIT_CELLS = (
    "visited_on visit_mode visitor person_name person_phone situation needs action outcome topic follow_up_on"
)

SOURCES = {
    code: LedgerSource(code, code, subject, "", dict.fromkeys(f"seq {cells}".split(), (Kind.TEXT, "")))
    for code, subject, cells in [
        ("person", Subject.PERSON, _PERSON_CELLS),
        ("visit", Subject.PERSON, f"{_PERSON_CELLS} {_VISIT_CELLS}"),
        ("household", Subject.HOUSEHOLD, "address head_name head_phone member_names"),
        ("dwelling", Subject.DWELLING, "address owner_names resident_names registered_names"),
        ("organisation", Subject.ORGANISATION, ""),
        ("place", Subject.PLACE, ""),
        ("entry", None, ""),
        ("statistic", None, "row_name"),
    ]
}
