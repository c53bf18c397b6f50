"""Lists of persons leave through one gate, and an account sees so many persons a day: asked of every room."""
