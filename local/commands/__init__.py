"""What a person runs at a terminal: `make run`, `demo`, `token`, `admin-user`, `traces` and `pages`."""
