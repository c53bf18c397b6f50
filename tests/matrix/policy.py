"""The one table of rights, read apart from the manifests: what they declare must equal it."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from linyun.kernel.catalogue import Catalogue
from linyun.kernel.declare import Role

TABLE = Path(__file__).with_name("policy.csv")
YES = "yes"
OWN = "own"
ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Right:
    """A line of the table: who may do an action, each within the area of the post.

    ``own``: those of ``roles`` who may do it only to what they made themselves (a building chief reads her own visits).
    """

    action: str
    roles: frozenset[Role]
    anyone: bool
    own: frozenset[Role] = frozenset()

    def line(self) -> str:
        """The line as it stands in the table."""
        cells = [OWN if role in self.own else YES * (role in self.roles) for role in Role]
        return ",".join([self.action, YES * self.anyone, *cells])


@lru_cache
def table() -> dict[str, Right]:
    """All lines by action. Raises ValueError for a line that is not as the head says, or stands twice."""
    rights: dict[str, Right] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != ["action", ANYONE, *Role]:
            raise ValueError(f"the head of {TABLE.name} must be: action, {ANYONE}, {', '.join(Role)}")
        for row in rows:
            if set(row.values()) - {row["action"], YES, OWN, ""} or row["action"] in rights:
                raise ValueError(f"{TABLE.name}: {row}")
            roles = frozenset(role for role in Role if row[role])
            own = frozenset(role for role in Role if row[role] == OWN)
            rights[row["action"]] = Right(row["action"], roles, row[ANYONE] == YES, own)
    return rights


def declared(catalogue: Catalogue) -> dict[str, Right]:
    """What the manifests say, in the same form. Roles of an action open to all count as nobody's."""
    return {
        a.code: Right(a.code, a.roles if a.signed_in else frozenset(), not a.signed_in)
        for a in catalogue.actions.values()
    }


def differences(ours: dict[str, Right], theirs: dict[str, Right]) -> list[str]:
    """Lines to add to, take from or change in the table, once somebody has thought about them."""
    said = [f"+ {theirs[a].line()}" for a in sorted(theirs.keys() - ours.keys())]
    said += [f"- {ours[a].line()}" for a in sorted(ours.keys() - theirs.keys())]
    for action in sorted(ours.keys() & theirs.keys()):
        mine, other = ours[action], theirs[action]
        if (mine.roles, mine.anyone) != (other.roles, other.anyone):
            said.append(f"! {mine.line()}  (declared: {other.line()})")
    return said
