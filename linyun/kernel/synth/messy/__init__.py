"""Rosters as committees keep them: the made people written down the messy way, with known errors planted."""
