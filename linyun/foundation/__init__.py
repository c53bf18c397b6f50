"""What every app stands on: ui, areas, acts, accounts."""
