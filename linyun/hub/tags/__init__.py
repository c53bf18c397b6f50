"""Tags: dated claims about a subject, set by hand with a ground and an end, or computed by a rule."""
