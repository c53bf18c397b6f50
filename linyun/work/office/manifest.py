"""What the office offers: a notebook for everybody who works at a desk."""

from linyun.kernel.declare import Action, Erasure, Manifest, Role

manifest = Manifest(
    app="office",
    actions=(Action("note.keep", "记事", frozenset(Role)),),
    erasures=(Erasure("note", 365, "办好一年后删除"),),
)
