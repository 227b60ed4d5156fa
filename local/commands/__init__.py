"""The commands behind `make run`, `demo`, `token`, `admin-user`, `traces` and `pages`."""
