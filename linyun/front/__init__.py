"""The faces: what residents, workers and leaders see, composed of what the apps below offer."""
