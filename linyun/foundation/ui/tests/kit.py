"""What the kit's tests share: the environment over its own templates, and a way to draw a snippet."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment

from linyun.foundation.ui.tests.gallery import house

HOSTILE = '<script>alert("x")</script>'
LONG = "阿不都热依木·买买提艾力·吐尔逊江·阿卜杜拉" * 4
IMPORTS = "".join(
    f'{{% import "ui/{name}.html" as {name} %}}'
    for name in ("forms", "choices", "fields", "files", "tables", "cards", "flow", "nav", "dialogs", "official")
)


@lru_cache(maxsize=1)
def env() -> Environment:
    """The environment of the house, over the kit's templates alone."""
    return house()


def draw(snippet: str, **context: Any) -> str:
    """A snippet with all macro files imported."""
    return env().from_string(IMPORTS + snippet).render(**context)
