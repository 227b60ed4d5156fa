"""What the gateway does by itself, mostly without a shop behind it."""
