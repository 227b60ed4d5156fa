"""The environment of a test run. A service sets it in `tests/environment.py`, before Django's settings are read."""

import os

COMMON = {
    "DEBUG": "false",
    "SECRET_KEY": "3f0c6f6e-which-signs-for-this-test-run-and-for-no-other-one",
    "ALLOWED_HOSTS": "testserver",
    "AUTH_JWKS": "keys-of-the-test-issuer.json",
    "AUTH_ISSUER": "https://issuer.test",
    "AUTH_AUDIENCE": "shop",
    "LOG_LEVEL": "INFO",
    "DATABASE_URL": "sqlite://:memory:",
}


def set_environment(**own: str) -> None:
    """Set the variables that every service reads, and the service's own."""
    if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit the environment, and DATABASE_URL with it
        os.environ.update({**COMMON, **own})
