"""A proxy between the parts of a shop. Its links can be delayed, cut and blocked, and requests repeated."""
