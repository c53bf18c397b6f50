"""The test bench of the house: its database, its known characters, its instruments. Fixtures are in tests/*.py."""

pytest_plugins = [
    "tests.machine",
    "tests.database",
    "tests.characters",
    "tests.residents",
    "tests.queries",
    "tests.hostile",
]
