"""Visits: what a worker saw, heard and confirmed at a door, on the phone, or in the office; written once."""
