"""The project: one database, two apps."""
