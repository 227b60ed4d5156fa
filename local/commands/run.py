"""`make run`: the stack in the foreground, until Ctrl-C."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from commands.stopping import Stopped, Stopping
from stack.claim import running_shop
from stack.development import Development
from stack.errors import StackError
from stack.leftovers import sweep
from stack.ports import require_free
from stack.registry import SERVICES, further_services
from stack.stack import Stack

READY = """\
The shop is open; its data is in {data}

  public     {public_url}/api/v1/products/   {public_url}/api/v1/orders/
  docs       {public_url}/docs/   (to read both APIs and to try them)
{further}  internal   {internal_url}/product_service/readyz   {internal_url}/order_service/readyz
  admin      {internal_url}/admin/products/   {internal_url}/admin/orders/   (make admin-user{data_option})
  metrics    {internal_url}/product_service/metrics   {internal_url}/order_service/metrics
             {reconciler_metrics} (the reconciler's)
  logs       {logs}   (and below)
  debugger   {debuggers}

What you save is loaded: code, nginx templates, docs/errors.md. Place a first order, in another terminal:

  {first_order}

Ctrl-C closes the shop."""

FURTHER = "  {name:<9}  {url}{path}\n"

FIRST_ORDER = """\
curl -i {public_url}/api/v1/orders/ -H "Authorization: Bearer $(make -s token SHOP=local{data_option})" \\
    -H "Content-Type: application/json" -H "Idempotency-Key: first-order" -d '{{"product_id": 1, "quantity": 2}}'"""

OTHERWISE = "make debug SERVICE=order_service{data_option} (breakpoint() works there); or: make run DEBUG_PORTS=yes"

DEBUG_PORTS = range(5678, 5688)  # of the services and their further processes; .vscode/launch.json names them too
LOOK_EVERY = 0.2  # seconds between two looks at what was saved


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    port: int
    internal_port: int
    data: Path
    usual: Path  # the folder that `make token` looks into by itself
    debug_ports: bool = False
    reload: bool = True


def run(options: Options) -> None:
    """
    Keep the shop open until SIGINT or SIGTERM, or until the make that started it is gone.

    :raises StackError: if the data or a port is taken, or a part does not start.
    """
    _sweep()
    if running_shop(options.data) is None:  # else that is the better message
        require_free(PORT=options.port, INTERNAL_PORT=options.internal_port)
    # Traces are configured as for any program: see docs/operations.md, "Traces".
    tracing = {name: value for name, value in os.environ.items() if name.startswith("OTEL_")}
    # Behind a debugger an answer takes as long as somebody thinks.
    gateway = {"GATEWAY_READ_TIMEOUT": "1h"} if options.debug_ports else {}
    stopping = Stopping()
    stack = Stack(
        data=options.data,
        ports=(options.port, options.internal_port),
        admin=True,
        development=options.reload,
        debug_ports=DEBUG_PORTS if options.debug_ports else (),
        env={**dict.fromkeys(SERVICES, tracing), "gateway": gateway},
        meanwhile=stopping.check,
    )
    try:
        with stack:
            stack.product_service.run("load_sample_catalogue")
            stopping.check()
            print(_ready(stack, options), flush=True)
            _keep_open(stack, stopping, reload=options.reload)
    except Stopped:
        print("\nClosed.", flush=True)


def _keep_open(stack: Stack, stopping: Stopping, *, reload: bool) -> None:
    development = Development(stack, say=lambda line: print(line, flush=True), render_pages=stack.render_problem_pages)
    while True:
        stopping.check()
        time.sleep(LOOK_EVERY)
        if not stack.data.exists():
            raise StackError(f"{stack.data} was removed, and the databases with it. The next `make run` begins anew.")
        if reload:
            development.look()
            continue
        for part in stack.ended():
            raise StackError(f"{part.name} ended by itself; the end of {part.log}:\n{part.last_lines()}")


def _sweep() -> None:
    swept = sweep()
    if swept.folders:
        print(
            f"Removed what a killed shop had left: {swept.processes} processes, {swept.folders} temporary folders.",
            flush=True,
        )


def _ready(stack: Stack, options: Options) -> str:
    data_option = "" if options.data == options.usual else f" DATA_DIR={options.data}"
    attached = ", ".join(f"{name} {port}" for name, port in stack.assembly.debuggers.items())
    return READY.format(
        data=stack.data,
        public_url=stack.public_url,
        internal_url=stack.internal_url,
        logs=stack.data / "logs",
        further="".join(
            FURTHER.format(name=entry.name.removesuffix("_service"), url=stack.public_url, path=entry.public[0])
            for entry in further_services()
        ),
        reconciler_metrics=stack.part("reconciler").metrics_url,
        data_option=data_option,
        debuggers=f"ports: {attached}" if attached else OTHERWISE.format(data_option=data_option),
        first_order=FIRST_ORDER.format(public_url=stack.public_url, data_option=data_option),
    )
