"""How the admin writes times and numbers, by language."""
