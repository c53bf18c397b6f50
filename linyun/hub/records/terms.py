"""What the rule language can say about records beyond their items: ages, residences, households, kin."""

from linyun.kernel.declare import Kind, Relation, Subject, Term

_LIVES = "select 1 from records_residence r where r.person_id = {s}.id and r.kind = 'actual' and r.valid_to is null"
_REGISTERED = _LIVES.replace("actual", "registered")

TERMS = (
    Term("age", "年龄", Subject.PERSON, Kind.INTEGER,
         "date_part('year', age({today}::timestamp, {s}.birth_date::timestamp))::int", names=("周岁", "岁数"), unit="岁",
         since="{s}.birth_date"),
    Term("lives_here", "居住在本居委", Subject.PERSON, Kind.BOOLEAN, f"exists ({_LIVES})"),
    Term("registered_here", "户籍在本居委", Subject.PERSON, Kind.BOOLEAN, f"exists ({_REGISTERED})"),
    Term("registered_lives_here", "人户一致", Subject.PERSON, Kind.BOOLEAN,
         "exists (select 1 from records_residence r join records_residence q on q.person_id = r.person_id"
         " and q.dwelling_id = r.dwelling_id and q.kind = 'registered' and q.valid_to is null"
         " where r.person_id = {s}.id and r.kind = 'actual' and r.valid_to is null)"),
    Term("owns_dwelling", "有产权房", Subject.PERSON, Kind.BOOLEAN,
         "exists (" + _LIVES.replace("actual", "owner") + ")"),
    Term("housemate_count", "同住人数", Subject.PERSON, Kind.INTEGER,
         "(select nullif(count(distinct q.person_id), 0)::int from records_residence r"
         " join records_residence q on q.dwelling_id = r.dwelling_id and q.kind = 'actual' and q.valid_to is null"
         " join records_person p on p.id = q.person_id and p.status = 'live'"
         " where r.person_id = {s}.id and r.kind = 'actual' and r.valid_to is null)", unit="人"),
    Term("is_head", "是户主", Subject.PERSON, Kind.BOOLEAN,
         "exists (select 1 from records_membership m where m.person_id = {s}.id and m.valid_to is null and m.is_head)"),
    Term("relation_to_head", "与户主关系", Subject.PERSON, Kind.CODE,
         "(select m.relation from records_membership m where m.person_id = {s}.id and m.valid_to is null limit 1)",
         code_set="relation_to_head"),
    Term("lives_in", "居住区域", Subject.PERSON, Kind.AREA, "{s}.area", names=("所在区域",)),
    Term("member_count", "户内人数", Subject.HOUSEHOLD, Kind.INTEGER,
         "(select count(*)::int from records_membership m where m.household_id = {s}.id and m.valid_to is null)", unit="人"),
    Term("resident_count", "居住人数", Subject.DWELLING, Kind.INTEGER,
         "(select count(*)::int from records_residence r where r.dwelling_id = {s}.id and r.kind = 'actual'"
         " and r.valid_to is null)", unit="人"),
    Term("registered_count", "户籍人数", Subject.DWELLING, Kind.INTEGER,
         "(select count(*)::int from records_residence r where r.dwelling_id = {s}.id and r.kind = 'registered'"
         " and r.valid_to is null)", unit="人"),
)  # fmt: skip

_PEOPLE_OF = "records_person {t} join records_residence {t}_r on {t}_r.person_id = {t}.id and {t}_r.valid_to is null"

RELATIONS = (
    Relation("housemate", "同住家人", Subject.PERSON, Subject.PERSON,
             _PEOPLE_OF + " and {t}_r.kind = 'actual' join records_residence {t}_q on {t}_q.dwelling_id = {t}_r.dwelling_id"
             " and {t}_q.kind = 'actual' and {t}_q.valid_to is null"
             " where {t}_q.person_id = {s}.id and {t}.id <> {s}.id and {t}.status = 'live'", names=("同住人",)),
    Relation("household_member", "户内家人", Subject.PERSON, Subject.PERSON,
             "records_person {t} join records_membership {t}_m on {t}_m.person_id = {t}.id and {t}_m.valid_to is null"
             " join records_membership {t}_n on {t}_n.household_id = {t}_m.household_id and {t}_n.valid_to is null"
             " where {t}_n.person_id = {s}.id and {t}.id <> {s}.id and {t}.status = 'live'"),
    Relation("home", "现住房屋", Subject.PERSON, Subject.DWELLING,
             "records_dwelling {t} join records_residence {t}_r on {t}_r.dwelling_id = {t}.id and {t}_r.kind = 'actual'"
             " and {t}_r.valid_to is null where {t}_r.person_id = {s}.id and {t}.status = 'live'", names=("居住房屋",)),
    Relation("kin", "亲属", Subject.PERSON, Subject.PERSON,
             "records_person {t} join records_kin {t}_k on {t}_k.relative_id = {t}.id"
             " where {t}_k.person_id = {s}.id and {t}.status = 'live'"),
    Relation("child", "子女", Subject.PERSON, Subject.PERSON,
             "records_person {t} join records_kin {t}_k on {t}_k.relative_id = {t}.id"
             " and ({t}_k.kind like '2%%' or {t}_k.kind like '3%%')"
             " where {t}_k.person_id = {s}.id and {t}.status = 'live'"),
    Relation("member", "户内成员", Subject.HOUSEHOLD, Subject.PERSON,
             "records_person {t} join records_membership {t}_m on {t}_m.person_id = {t}.id and {t}_m.valid_to is null"
             " where {t}_m.household_id = {s}.id and {t}.status = 'live'", names=("成员",)),
    Relation("resident", "实际居住人", Subject.DWELLING, Subject.PERSON,
             _PEOPLE_OF + " and {t}_r.kind = 'actual' where {t}_r.dwelling_id = {s}.id and {t}.status = 'live'",
             names=("居住人",)),
    Relation("registered_person", "户籍人员", Subject.DWELLING, Subject.PERSON,
             _PEOPLE_OF + " and {t}_r.kind = 'registered' where {t}_r.dwelling_id = {s}.id and {t}.status = 'live'"),
)  # fmt: skip
