"""Stock adjustments, their ledger, and reservations: the only code that moves stock."""
