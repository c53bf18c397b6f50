"""The one function that says what a person may do. Pages, API, commands and jobs ask here; the database asks again."""

from linyun.foundation.acts.actor import Actor
from linyun.foundation.areas.codes import is_within
from linyun.kernel.catalogue import catalogue
from linyun.kernel.words import say


class Refused(PermissionError):
    """The person may not do this here. The text is for that person and names nothing they may not know."""


def may(actor: Actor, action: str, area: str | None = None) -> bool:
    """Whether ``actor`` may do ``action``, and do it in ``area`` (any area of the post when left out).

    Raises KeyError for an action that nobody declares: a typing error must never read as a refusal, or a grant.
    """
    declared = catalogue.actions[action]
    if not declared.signed_in:
        return True
    if actor.role is None or actor.area is None or actor.role not in declared.roles:
        return False
    return area is None or is_within(area, actor.area)


def require(actor: Actor, action: str, area: str | None = None) -> None:
    """As ``may``; raises Refused with a sentence instead of answering False."""
    if not may(actor, action, area):
        raise Refused(
            say("您的岗位不能“{action}”。需要时请联系本单位管理员。", action=say(catalogue.actions[action].name))
        )
