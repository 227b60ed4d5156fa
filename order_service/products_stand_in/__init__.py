"""A stand-in for product_service: its API in memory, for development and for tests. No image contains it."""
