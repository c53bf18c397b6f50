"""What the gateway offers: no right of its own (each call asks for that of the page), and how long tokens are kept."""

from linyun.kernel.declare import Erasure, Manifest

manifest = Manifest(
    app="gateway",
    erasures=(Erasure("token", None, "到期或撤销后只留摘要，使留痕可以追溯"),),
)
