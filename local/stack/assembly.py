"""The parts of a stack, put together: each service's web processes, its admin and its further processes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stack import services
from stack.guard import Guard
from stack.part import Part
from stack.ports import LOOPBACK, free_ports
from stack.services import Service

# A developer reads the logs at a terminal, and one worker imports new code sooner than two.
DEVELOPMENT = {"LOG_FORMAT": "console", "WEB_CONCURRENCY": "1"}


@dataclass
class Assembly:
    """
    Makes parts and keeps them by name, in the order in which they start.

    :param run: the folder of their sockets.
    :param development: whether they reload their code, and log for people.
    :param debug_ports: where a debugger can attach to them, one after the other; without any, it cannot.
    """

    run: Path
    logs: Path
    guard: Guard
    development: bool = False
    debug_ports: Sequence[int] = ()
    parts: dict[str, Part] = field(default_factory=dict)
    debuggers: dict[str, int] = field(default_factory=dict)

    def serve(self, service: Service, instances: int = 1) -> list[str]:
        """Add a service's gunicorns. Return their sockets."""
        sockets = []
        for number in range(1, instances + 1):
            name = service.name if number == 1 else f"{service.name}-{number}"
            socket = str(self.run / f"{name}.sock")
            metrics_bind = _free_address()
            part = self.add(
                name,
                [*service.serve(), *self._reload()],
                is_ready=lambda socket=socket: services.answers_ready(socket),  # type: ignore[misc] # a bound default
                folder=service.folder,
                env={
                    "BIND": f"unix:{socket}",
                    "METRICS_BIND": metrics_bind,
                    **service.environment,
                    **self._development(name),
                },
            )
            part.address, part.metrics_url = socket, f"http://{metrics_bind}/metrics"
            sockets.append(socket)
        return sockets

    def serve_admin(self, service: Service, name: str) -> str:
        """Add a service's admin, by the name of its process. Return its socket."""
        socket = str(self.run / f"{name}.sock")
        self.add(
            name,
            [*service.serve_admin(), *self._reload()],
            is_ready=lambda: services.answers_ready(socket),
            folder=service.folder,
            env={
                **service.environment,
                **self._logs(),
                "BIND": f"unix:{socket}",
                "ADMIN_COOKIES_SECURE": "false",
            },
        ).address = socket
        return socket

    def add_process(self, name: str, command: str, service: Service) -> None:
        """Add a further process of a service."""
        metrics_bind = _free_address()
        self.add(
            name,
            service.manage(command),
            folder=service.folder,
            env={"METRICS_BIND": metrics_bind, **service.environment, **self._development(name)},
        ).metrics_url = f"http://{metrics_bind}/metrics"

    def add(
        self,
        name: str,
        command: Sequence[str],
        *,
        is_ready: Callable[[], bool] = lambda: True,
        folder: Path,
        env: Mapping[str, str],
        user: str | None = None,
    ) -> Part:
        self.parts[name] = Part(
            name=name,
            command=command,
            folder=folder,
            environment={**env, **self.mark},
            log=self.logs / f"{name}.log",
            guard=self.guard,
            is_ready=is_ready,
            user=user,
        )
        return self.parts[name]

    def start(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """
        Start every part that does not run, and return when all of those are ready.

        :param meanwhile: is called again and again until then.
        """
        missing = [part for part in self.parts.values() if not part.is_alive()]
        for part in missing:
            meanwhile()
            part.launch()
        for part in missing:
            part.wait_until_ready(meanwhile)

    @property
    def mark(self) -> dict[str, str]:
        """A variable of every part's environment, by which stack.leftovers knows whose process it is."""
        return {"SHOP_RUN": str(self.run)}

    def _reload(self) -> list[str]:
        return ["--reload"] if self.development else []

    def _logs(self) -> Mapping[str, str]:
        return DEVELOPMENT if self.development else {}

    def _development(self, name: str) -> dict[str, str]:
        if len(self.debuggers) == len(self.debug_ports):
            return dict(self._logs())
        self.debuggers[name] = self.debug_ports[len(self.debuggers)]
        return {**self._logs(), "DEBUGPY": f"{LOOPBACK}:{self.debuggers[name]}"}


def _free_address() -> str:
    return f"{LOOPBACK}:{free_ports(1)[0]}"
