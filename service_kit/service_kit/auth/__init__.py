"""Who calls: bearer tokens, the keys that verify them, the issuers that are trusted, and scopes."""
