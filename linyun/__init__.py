"""Linyun (邻云): collected once, used everywhere; every matter comes back answered."""
