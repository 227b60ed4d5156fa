"""`make run`: the stack in the foreground, until Ctrl-C."""

import os
import signal
import threading
from pathlib import Path

from stack.errors import StackError
from stack.ports import require_free
from stack.registry import SERVICES
from stack.stack import Stack

READY = """\
The shop is open; its data is in {data}

  public     {public_url}/api/v1/products/   {public_url}/api/v1/orders/
  docs       {public_url}/docs/   (to read both APIs and to try them)
  internal   {internal_url}/product_service/readyz   {internal_url}/order_service/readyz
  admin      {internal_url}/admin/products/   {internal_url}/admin/orders/   (make admin-user{data_option})
  metrics    {internal_url}/product_service/metrics   {internal_url}/order_service/metrics
             {reconciler_metrics} (the reconciler's)
  logs       {logs}

Place a first order, in another terminal:

  {first_order}

Ctrl-C closes the shop."""

FIRST_ORDER = """\
curl -i {public_url}/api/v1/orders/ -H "Authorization: Bearer $(make -s token{data_option})" \\
    -H "Content-Type: application/json" -H "Idempotency-Key: first-order" -d '{{"product_id": 1, "quantity": 2}}'"""


def run(*, port: int, internal_port: int, data: Path, usual: Path) -> None:
    """
    This function will keep the shop open until SIGINT or SIGTERM, or until a part of it ends.

    :raises StackError: if a port is taken, or a part does not start or does not keep running.
    """
    require_free("PORT", port)
    require_free("INTERNAL_PORT", internal_port)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())

    # Traces are configured as for any program: see docs/operations.md, "Traces".
    tracing = {name: value for name, value in os.environ.items() if name.startswith("OTEL_")}
    env = dict.fromkeys(SERVICES, tracing)
    with Stack(data=data, ports=(port, internal_port), admin=True, env=env) as stack:
        stack.product_service.run("load_sample_catalogue")
        option = "" if data == usual else f" DATA_DIR={data}"
        print(
            READY.format(
                data=stack.data,
                public_url=stack.public_url,
                internal_url=stack.internal_url,
                logs=stack.data / "logs",
                reconciler_metrics=stack.part("reconciler").metrics_url,
                data_option=option,
                first_order=FIRST_ORDER.format(public_url=stack.public_url, data_option=option),
            ),
            flush=True,
        )
        while not stopping.wait(0.5):
            for part in stack.ended():
                raise StackError(f"{part.name} ended by itself; the end of {part.log}:\n{part.last_lines()}")
        print("\nClosing.", flush=True)
