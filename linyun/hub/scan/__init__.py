"""Crowds: the people, households and dwellings that a rule describes, counted, listed, saved and exported."""
