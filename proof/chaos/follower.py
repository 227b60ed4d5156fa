"""A service that follows the orders with the kit's follower. It runs in order_service's own virtual environment."""

import os
import signal
import threading
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

DATABASE = {
    "ENGINE": "django.db.backends.sqlite3",
    "CONN_MAX_AGE": None,
    # It can be read meanwhile, and loses no commit with the process.
    "OPTIONS": {"init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"},
}
TABLE = """
CREATE TABLE IF NOT EXISTS applied
(number INTEGER PRIMARY KEY AUTOINCREMENT, position, subject, type, status, quantity, made, at)
"""
ROW = "INSERT INTO applied (position, subject, type, status, quantity, made, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
WAIT = 2  # seconds for which it lets the feed wait


def main() -> None:
    """This function will follow the feed at FOLLOWED_FEED until SIGTERM. Each event is a row of `applied`."""
    import_module("django.conf").settings.configure(
        INSTALLED_APPS=["service_kit.following"],
        DATABASES={"default": {**DATABASE, "NAME": os.environ["FOLLOWER_DATABASE"]}},
        USE_TZ=True,
        SERVICE_NAME="shipping_service",
        SERVICE_TOKEN_KEY=Path(os.environ["FOLLOWER_KEY_FILE"]).read_text(),
    )
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    connection = import_module("django.db").connections["default"]
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())

    def apply(event: Any) -> None:  # noqa: ANN401 - an Event of the kit
        data = event.data
        values = [event.id, event.subject, event.type, data["status"], data["quantity"], event.time, time.time()]
        connection.connection.execute(ROW, values)  # Django's cursor takes ten times longer

    token = import_module("service_kit.auth.service_token").service_token
    follower = import_module("service_kit.following.follower").Follower
    follower(
        "orders",
        url=os.environ["FOLLOWED_FEED"],
        token=partial(token, audience="order_service", scope="orders:follow"),
        apply=apply,
        limit=1000,
        wait=WAIT,
    ).run(stopping)


if __name__ == "__main__":
    main()
