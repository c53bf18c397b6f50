"""The demonstration: 四平路街道 with its real committees, invented residents, a year of visits, people who can log in."""
