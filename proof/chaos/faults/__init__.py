"""How each kind of fault is injected and removed."""
