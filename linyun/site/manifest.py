"""What the site itself offers: being there."""

from linyun.kernel.declare import Action, Manifest

manifest = Manifest(app="site", actions=(Action("site.open", "打开首页", frozenset(), signed_in=False),))
