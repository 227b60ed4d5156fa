"""How each kind of fault is brought about, and ended."""
