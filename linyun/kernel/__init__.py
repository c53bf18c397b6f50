"""Plain Python without Django: what can be declared, the catalogue of it, the rule language, values, ids, the clock."""
