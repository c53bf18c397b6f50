"""Who may do what where: every route of the house, asked by every known character, against one table."""
