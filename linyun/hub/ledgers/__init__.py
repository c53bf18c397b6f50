"""Ledgers: the lists and reports a committee owes, filled by themselves from records, visits and tags."""
