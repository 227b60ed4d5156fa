"""What the tests of a service are made with: a pytest plugin, tokens, a private PostgreSQL server, checks."""
