"""How many fit a rule: exactly for who may list the people, rounded and recorded for who may not."""

from linyun.foundation.accounts.policy import may
from linyun.foundation.acts.actor import current
from linyun.front.gateway.schemas import CrowdOut
from linyun.hub.scan import services
from linyun.hub.scan.find import Asked
from linyun.kernel.declare import Subject


def counted(rule: str, subject: Subject) -> CrowdOut:
    """Count the crowd of a rule within the scope. Raises RuleError with place and reason."""
    asked = Asked.text(rule, subject)
    if exact := may(current(), "crowd.list"):
        found, _shares, _first = services.figures(asked, ())
        numbers: tuple[int | None, ...] = (found.yes, found.unknown, found.all)
    else:
        numbers = services.rounded(asked, ())[:3]
    yes, unknown, every = numbers
    return CrowdOut(
        text=asked.rule.text("zh"), says=asked.rule.say("zh"), yes=yes, unknown=unknown, all=every, exact=exact
    )
