"""What the ledgers themselves offer as rows: the five subjects, hand-kept entries, and figures over all of them."""

from linyun.kernel.declare import Kind, LedgerSource, Subject

_HOME = (
    "from records_residence r join records_dwelling d on d.id = r.dwelling_id where r.person_id = {s}.id"
    " and r.kind = 'actual' and r.valid_to is null order by r.valid_from desc nulls last, r.id limit 1"
)
_REGISTERED = _HOME.replace("'actual'", "'registered'")
_HOUSEHOLD = (
    "from records_membership m join records_household h on h.id = m.household_id"
    " where m.person_id = {s}.id and m.valid_to is null order by m.id limit 1"
)
_HEAD = (
    "from records_membership m join records_membership hm on hm.household_id = m.household_id and hm.is_head"
    " and hm.valid_to is null join records_person head on head.id = hm.person_id"
    " where m.person_id = {s}.id and m.valid_to is null order by m.id limit 1"
)
_HEAD_OF = (
    "from records_membership m join records_person head on head.id = m.person_id"
    " where m.household_id = {s}.id and m.is_head and m.valid_to is null limit 1"
)


_OF_DWELLING = (
    "(select string_agg(p.name, '、' order by p.birth_date nulls last, p.id) from records_residence r"
    " join records_person p on p.id = r.person_id and p.status = 'live'"
    " where r.dwelling_id = {s}.id and r.kind = 'KIND' and r.valid_to is null)"
)


def _people(kind: str) -> str:
    return _OF_DWELLING.replace("KIND", kind)


PERSON = LedgerSource(
    code="person",
    name="居民",
    subject=Subject.PERSON,
    sql="records_person {s} where {s}.status = 'live'",
    cells={
        "address": (Kind.TEXT, f"coalesce((select d.address {_HOME}), {{s}}.living_address)"),
        "registered_text": (Kind.TEXT, f"coalesce((select d.address {_REGISTERED}), {{s}}.registered_address)"),
        "estate_text": (Kind.TEXT, f"(select d.estate {_HOME})"),
        "building_text": (Kind.TEXT, f"(select d.building {_HOME})"),
        "room_text": (Kind.TEXT, f"(select d.room {_HOME})"),
        "household_number": (Kind.TEXT, f"(select h.number {_HOUSEHOLD})"),
        "head_name": (Kind.TEXT, f"(select head.name {_HEAD})"),
        "head_phone": (Kind.PHONE, f"(select head.phone {_HEAD})"),
    },
    ref="{s}.id",
    ref_kind="person",
    order="{s}.pinyin",
)
HOUSEHOLD = LedgerSource(
    code="household",
    name="住户",
    subject=Subject.HOUSEHOLD,
    sql="records_household {s} where {s}.status = 'live'",
    cells={
        "address": (Kind.TEXT, "(select d.address from records_dwelling d where d.id = {s}.dwelling_id)"),
        "building_text": (Kind.TEXT, "(select d.building from records_dwelling d where d.id = {s}.dwelling_id)"),
        "room_text": (Kind.TEXT, "(select d.room from records_dwelling d where d.id = {s}.dwelling_id)"),
        "head_name": (Kind.TEXT, f"(select head.name {_HEAD_OF})"),
        "head_sex": (Kind.CODE, f"(select head.sex {_HEAD_OF})"),
        "head_phone": (Kind.PHONE, f"(select head.phone {_HEAD_OF})"),
        "head_identity": (Kind.IDENTITY, f"(select head.identity_number {_HEAD_OF})"),
        "member_names": (
            Kind.TEXT,
            "(select string_agg(p.name, '、' order by m.is_head desc, m.relation, p.birth_date nulls last, p.id)"
            " from records_membership m join records_person p on p.id = m.person_id and p.status = 'live'"
            " where m.household_id = {s}.id and m.valid_to is null)",
        ),
    },
    ref="{s}.id",
    ref_kind="household",
)
DWELLING = LedgerSource(
    code="dwelling",
    name="房屋",
    subject=Subject.DWELLING,
    sql="records_dwelling {s} where {s}.status = 'live'",
    cells={
        "address": (Kind.TEXT, "{s}.address"),
        "owner_names": (Kind.TEXT, _people("owner")),
        "resident_names": (Kind.TEXT, _people("actual")),
        "registered_names": (Kind.TEXT, _people("registered")),
    },
    ref="{s}.id",
    ref_kind="dwelling",
)
ORGANISATION = LedgerSource(
    code="organisation",
    name="单位",
    subject=Subject.ORGANISATION,
    sql="records_organisation {s} where {s}.status = 'live'",
    ref="{s}.id",
    ref_kind="organisation",
)
PLACE = LedgerSource(
    code="place",
    name="场所",
    subject=Subject.PLACE,
    sql="records_place {s} where {s}.status = 'live'",
    ref="{s}.id",
    ref_kind="place",
)
ENTRY = LedgerSource(
    code="entry",
    name="手工登记",
    subject=None,
    sql="ledgers_ledgerentry {s} where {s}.ledger = %(ledger)s and {s}.withdrawn_at is null",
    ref="{s}.id",
    ref_kind="entry",
    order="coalesce({s}.happened_on, {s}.created_at::date), {s}.id",
    dated="coalesce({s}.happened_on, {s}.created_at::date)",
)
STATISTIC = LedgerSource(code="statistic", name="统计", subject=None, sql="")

SOURCES = (PERSON, HOUSEHOLD, DWELLING, ORGANISATION, PLACE, ENTRY, STATISTIC)
