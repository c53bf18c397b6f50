"""Files that come in and go out: rosters read as committees really have them, checked, applied, taken back."""
