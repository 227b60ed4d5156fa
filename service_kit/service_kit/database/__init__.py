"""Connections to PostgreSQL and SQLite, migration operations, and the lint of migrations."""
