"""PostgreSQL as Django speaks to it, with prepared statements, and without connections that are worth nothing."""
