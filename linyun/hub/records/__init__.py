"""People, households, dwellings, organisations and places, filled by append-only statements."""
