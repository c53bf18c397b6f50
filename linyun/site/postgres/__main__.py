"""``python -m linyun.site.postgres start|stop|status``: the same as ``linyun db``, without the rest of the house."""

import sys

from linyun.site.postgres.command import main

sys.exit(main(sys.argv[1:]))
