"""Area codes: what their digits mean. Pure functions."""

LEVELS = (2, 4, 6, 9, 12)
COMMITTEE = 12
STEP_BELOW = 3


def upper(code: str) -> str:
    """The first code in byte order that is no longer within ``code``."""
    return code + "~"


def is_within(code: str, scope: str) -> bool:
    """Whether ``code`` lies in ``scope`` or is it. An empty scope is the whole country."""
    return code.startswith(scope)


def committee_of(code: str) -> str:
    """The committee of an area at or below a committee; the code itself when it lies above."""
    return code[:COMMITTEE]


def ancestors(code: str) -> list[str]:
    """Codes above an area, from the province down, without itself."""
    cuts = [n for n in LEVELS if n < len(code)]
    cuts += range(COMMITTEE + STEP_BELOW, len(code), STEP_BELOW)
    return [code[:n] for n in cuts]


def child(parent: str, serial: int) -> str:
    """The code of the n-th area below a committee or deeper. Raises ValueError outside 0 … 999."""
    if not 0 <= serial <= 999 or len(parent) < COMMITTEE:
        raise ValueError(f"no child {serial} below {parent}")
    return f"{parent}{serial:03d}"
