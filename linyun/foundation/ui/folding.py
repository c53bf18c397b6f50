"""Templates are compiled once for each language; what is then the same on every page is written into them as text.

A page says fifty sentences and draws forty icons whose words stand in the template. Called anew for each page they cost
more than all that changes from page to page.
"""

from collections.abc import Callable, Mapping
from typing import Any, Self

from django.utils.translation import override
from jinja2 import Environment, TemplateAssertionError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer


class Worded(Environment):
    """An environment of one language.

    ``folded`` are the globals whose answer depends on their arguments and the language alone. ``language`` is the one
    whose templates it keeps, empty for the environment from which those of the languages are made.
    """

    folded: Mapping[str, Callable[..., Any]] = {}
    language = ""

    def speaking(self, language: str) -> Self:
        """The same environment for one language: with templates of its own."""
        spoken = self.overlay()
        spoken.language = language
        return spoken


class _Folder(NodeTransformer):
    """Puts its answer in the place of each call of a folded global all of whose arguments are constant."""

    def __init__(self, folded: Mapping[str, Callable[..., Any]]) -> None:
        self.folded = folded

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        """A template that gives such a name another meaning would be answered wrongly: it is refused."""
        if node.ctx != "load" and node.name in self.folded:
            raise TemplateAssertionError(f"{node.name} is a global of every template", node.lineno)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """Inner calls first: the label of an icon is a sentence."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in self.folded:
            return node
        try:
            args = [arg.as_const() for arg in node.args]
            named = {pair.key: pair.value.as_const() for pair in node.kwargs}
        except nodes.Impossible:
            return node
        if node.dyn_args or node.dyn_kwargs:
            return node
        return nodes.Const(self.folded[node.node.name](*args, **named), lineno=node.lineno)


class Folding(CodeGenerator):
    """Jinja's compiler behind the folding."""

    environment: Worded

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """Fold the tree of a template, in the language of its environment, before it becomes code."""
        if self.environment.language:
            with override(self.environment.language):
                _Folder(self.environment.folded).visit(node)
        super().visit_Template(node, frame)


Worded.code_generator_class = Folding
