"""Values as people write them, read into one normal form or refused with a sentence; one module for each noun."""
