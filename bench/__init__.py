"""Measurements of the house against named peers, each pair in the same run on the same machine. `make bench`."""
