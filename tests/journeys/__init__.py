"""Journeys: people doing their work in a real browser, on a real server, against a throwaway database."""
