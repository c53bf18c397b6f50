"""Small files, small functions, small templates, many tests."""

from collections.abc import Iterator

from tests.laws.source import ROOT, Source, code, everything, proofs, templates

FILE_WARN, FILE_FAIL = 400, 500
FUNCTION_WARN, FUNCTION_FAIL = 40, 60
TEMPLATE_FAIL = 120
SETTINGS_FAIL = 300
BEYOND_THE_WARNING = 0.02
TESTS_PER_LINE = 0.7
"""A ratchet, to be raised as it is reached: the budget of the house is 1.3. See docs/coverage.md, "What is weak"."""
