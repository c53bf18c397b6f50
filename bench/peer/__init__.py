"""The named peer of our pages: the same page of residents, of the same rows, written with Django's own template language."""
