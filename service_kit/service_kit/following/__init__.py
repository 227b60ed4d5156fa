"""Following another service's feed of events: each event is applied once, together with the position after it."""
