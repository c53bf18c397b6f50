"""An empty database of its own for tests that need a real PostgreSQL but nothing of the product's tables."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.database import _server, drop


@pytest.fixture(scope="module")
def pg(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """A connection, autocommit, to an empty database that is dropped afterwards."""
    given = getattr(request.config, "workerinput", {})
    url = given.get("linyun_server") or _server(request.config)
    name = sql.Identifier(f"linyun_test_{os.getpid()}_rules")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("create database {} template template0 encoding 'UTF8'").format(name))
        try:
            with psycopg.connect(url, dbname=name.as_string()[1:-1], autocommit=True) as connection:
                yield connection
        finally:
            drop(server, name)
