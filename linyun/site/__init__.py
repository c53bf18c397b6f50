"""The house's door: settings, URLs, servers, the command line; opens the catalogue at start."""
