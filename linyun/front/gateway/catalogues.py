"""What can be looked up without naming anybody: areas, the items of the catalogue, and who one is."""

from linyun.foundation.accounts.models import Post
from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import current
from linyun.foundation.areas import scope
from linyun.foundation.areas.codes import COMMITTEE, is_within
from linyun.foundation.areas.models import Area
from linyun.front.gateway.schemas import AreaOut, CodeOut, ItemOut, MeOut
from linyun.hub.records.items import known
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Role, Subject


def areas(within: str) -> list[AreaOut]:
    """The areas directly below one; below the area of the post when none is named. Raises Area.DoesNotExist.

    Names down to the committee are published with the statistical codes; how a committee cuts itself is its own affair.
    """
    today = clock.today()
    above = Area.objects.on(today).get(pk=within or scope.current())
    if len(above.pk) >= COMMITTEE and not is_within(above.pk, scope.current()):
        raise Area.DoesNotExist
    below = Area.objects.on(today).filter(parent=above.pk).order_by("code")
    return [AreaOut(code=a.code, name=a.name, kind=a.kind) for a in below]


def _item(item: Item) -> ItemOut:
    codes = catalogue.code_sets[item.code_set].codes if item.code_set else ()
    return ItemOut(
        subject=item.subject,
        item=item.code,
        name=item.name,
        kind=item.kind,
        group=item.group,
        unit=item.unit,
        owner=item.owner,
        level=item.level,
        purpose=item.purpose,
        basis=item.basis,
        standard=item.standard,
        fresh_days=item.fresh_days,
        derived=bool(item.derived),
        codes=[CodeOut(code=c.code, name=c.name) for c in codes],
    )


def items(subject: Subject | None) -> list[ItemOut]:
    """The items usable within the scope, of one subject or of all, in declared order."""
    return [_item(i) for s in ((subject,) if subject else Subject) for i in known(s).values()]


def me(post: Post) -> MeOut:
    """Whoever acts, in this post."""
    return MeOut(
        name=post.account.name,
        role=Role(post.role),
        title=post.label,
        area=post.area_id,
        area_name=post.area.name,
        department=post.department,
        may=sorted(a for a in catalogue.actions if may(current(), a)),
    )
