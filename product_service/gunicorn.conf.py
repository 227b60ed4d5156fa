"""How gunicorn serves this service; every number can be set by the environment."""

import os
from typing import TYPE_CHECKING

os.environ.setdefault("WEB_THREADS", "32")

from service_kit.server import configuration
from service_kit.server.configuration import *  # noqa: F403 - gunicorn reads the names in this file

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker


def post_worker_init(worker: "Worker") -> None:  # type: ignore[no-redef] # the kit's is called first
    configuration.post_worker_init(worker)
    from inventory import retention  # noqa: PLC0415 - Django is set up by now

    retention.start()
