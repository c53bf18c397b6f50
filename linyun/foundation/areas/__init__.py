"""Where: the tree of areas with the real 12-digit codes, and the scope within which a transaction may see rows."""
