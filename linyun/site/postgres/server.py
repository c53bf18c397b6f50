"""What callers hold: a running server's address, what is known about a server, and the one error with a sentence."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

Say = Callable[[str], None]
"""Where a line of progress goes."""

State = Literal["absent", "stopped", "starting", "running", "stopping"]

PORT = 5432
"""Never a TCP port: it only names the socket file, and each cluster has a socket folder of its own."""

DATABASE = "linyun"
OWNER = "linyun"
"""Owns the database and its tables; may log in; no superuser, no BYPASSRLS, so the database can say no to it too."""

APPLICATION = "linyun_app"
"""The role in which requests run: cannot log in, is entered with SET ROLE."""

SUPERUSER = "postgres"
"""Used by the launcher alone, to make roles and to dump."""


class PostgresError(RuntimeError):
    """The database cannot be had. The text is a sentence for the person at the terminal and says how to mend it."""


def to_stderr(line: str) -> None:
    """Show a line of progress without touching standard output, which belongs to --json."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class Server:
    """A server that accepts connections. ``host`` is the folder of its socket, ``home`` the folder of all its files."""

    home: Path
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    dbname: str = DATABASE

    def url(self, dbname: str | None = None) -> str:
        """A connection address that psycopg and every other libpq client understands. Holds the password."""
        query = urlencode({"host": self.host, "port": self.port}, quote_via=quote, safe="")
        return f"postgresql://{quote(self.user)}:{quote(self.password, safe='')}@/{dbname or self.dbname}?{query}"


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a server. ``version`` is the running one's, ``installed`` that of the bundled binaries."""

    state: State
    home: Path
    pid: int | None = None
    socket: str | None = None
    account: str | None = None
    version: str | None = None
    installed: str | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        """For ``--json``."""
        return {
            "state": self.state,
            "data": str(self.home),
            "pid": self.pid,
            "socket": self.socket,
            "account": self.account,
            "version": self.version,
            "installed": self.installed,
        }
