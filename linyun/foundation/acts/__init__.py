"""What happened: who did what to what, when, why, from where; written once, in the same transaction as the change."""
