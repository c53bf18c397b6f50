"""Files in and out: reading rosters, importing them with a dry run and an undo, exporting."""
