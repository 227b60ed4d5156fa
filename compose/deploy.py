"""
Replaces the instances of one service while it keeps serving: new ones start first, then the old ones are drained.

    python compose/deploy.py SERVICE --version VERSION [--context FOLDER | --image IMAGE]

1. Build the image from the service's folder and the kit's (or take one that exists).
2. Migrate the database with it. The old instances still serve: a migration must suit both versions.
3. Start as many new instances as there are old ones, beside them, and wait until they are ready.
4. Mark the old ones as draining; the switchboard turns the gateway's links away from them.
5. When nginx has let go of its last connection to them, stop them: SIGTERM, and whatever is under way ends first.

If anything fails up to the fourth step, the new instances go and the old ones have never stopped serving.
"""

import argparse
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SERVICES = tomllib.loads((Path(__file__).parents[1] / "services.toml").read_text())

# In seconds.
READY_WITHIN = 90.0
TURNED_WITHIN = 10.0
DRAINED_AFTER = 5.0  # nginx keeps a connection for GATEWAY_UPSTREAM_LIFE and then, idle, for GATEWAY_UPSTREAM_IDLE
STOPPED_WITHIN = 20  # more than gunicorn's graceful_timeout

MARK = "/run/sockets/$HOSTNAME.draining"
ASK = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"


class DeployError(Exception):
    """The new version does not serve; the old one does."""


@dataclass(frozen=True)
class Deploy:
    """One service's way from one version to the next."""

    service: str
    version: str
    context: Path
    image: str | None

    @property
    def current(self) -> str:
        """The image that compose starts containers of this service from."""
        return f"{self.service}:current"

    def run(self) -> None:
        """
        Return when the new instances serve alone.

        :raises DeployError: if they cannot; the old ones serve then.
        """
        old = self._instances()
        if not old:
            raise DeployError(f"{self.service} is not running: `make up` starts it.")
        before = docker("image", "inspect", "--format", "{{.Id}}", self.current)
        try:
            self._say("building the image" if self.image is None else f"taking {self.image}")
            self._provide_image()
            self._say("migrating, while the old version serves")
            compose("run", "--rm", "--no-deps", "-T", f"{self.service}_migrate")
            self._say(f"starting {len(old)} new instances beside {len(old)} old ones")
            self._start_beside(old)
            self._say("turning the gateway to the new instances")
            self._turn_away(old)
        except (DeployError, KeyboardInterrupt):
            self._say("going back to the old version")
            self._go_back(old, before)
            raise
        self._say(f"draining the old instances for {DRAINED_AFTER:.0f} s, then stopping them")
        drain(old)
        for process in SERVICES[self.service].get("processes", ()):
            self._say(f"replacing the {process}")
            compose("up", "--detach", "--no-deps", "--no-build", process)
        self._say(f"serving: {self._livez()}")

    def _provide_image(self) -> None:
        if self.image is not None:
            docker("tag", self.image, self.current)
            return
        compose("build", self.service, VERSION=self.version, BUILD_CONTEXT=str(self.context))
        docker("tag", self.current, f"{self.service}:{self.version}")

    def _start_beside(self, old: Sequence[str]) -> None:
        scale = f"{self.service}={2 * len(old)}"
        compose("up", "--detach", "--no-deps", "--no-build", "--no-recreate", "--scale", scale, self.service)
        new = [instance for instance in self._instances() if instance not in old]
        deadline = time.monotonic() + READY_WITHIN
        while not all(is_ready(instance) for instance in new):
            if time.monotonic() > deadline or any(state(instance) != "running" for instance in new):
                raise DeployError("\n".join(["The new instances do not become ready.", *map(last_lines, new)]))
            time.sleep(0.5)

    def _turn_away(self, old: Sequence[str]) -> None:
        mark(old)
        deadline = time.monotonic() + TURNED_WITHIN
        while self._linked() & {socket(instance) for instance in old}:
            if time.monotonic() > deadline:
                raise DeployError("The switchboard does not let go of the old instances; `make logs` may say why.")
            time.sleep(0.2)

    def _go_back(self, old: Sequence[str], image: str) -> None:
        docker("tag", image, self.current)
        for instance in old:
            docker("exec", instance, "sh", "-c", f"rm -f {MARK}")
        new = [instance for instance in self._instances() if instance not in old]
        if new:  # some of them may be serving
            mark([instance for instance in new if state(instance) == "running"])
            drain(new)

    def _linked(self) -> set[str]:
        """The sockets that the gateway's links point at."""
        links = " ".join(f"/run/{self.service}/{slot}.sock" for slot in range(1, 5))
        return set(compose("exec", "-T", "gateway", "sh", "-c", f"readlink {links}").split())

    def _instances(self) -> list[str]:
        return compose("ps", "--quiet", self.service).split()

    def _livez(self) -> str:
        return compose("exec", "-T", "gateway", "curl", "-fsS", f"http://gateway.internal:8081/{self.service}/livez")

    def _say(self, text: str) -> None:
        print(f"{self.service} {self.version}: {text}", flush=True)


def docker(*arguments: str, **variables: str) -> str:
    """
    Run docker, with these variables set, and return what it printed.

    :raises DeployError: with its complaint, if it failed.
    """
    environment = {**os.environ, **variables}
    done = subprocess.run(
        ["docker", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise DeployError(f"docker {' '.join(arguments)} failed.\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def compose(*arguments: str, **variables: str) -> str:
    return docker("compose", *arguments, **variables)


def mark(instances: Sequence[str]) -> None:
    """Have the switchboard turn the gateway away from these instances."""
    for instance in instances:
        docker("exec", instance, "sh", "-c", f"touch {MARK}")


def drain(instances: Sequence[str]) -> None:
    """Stop instances that the gateway was turned away from, when it has let go of them, and remove them."""
    time.sleep(DRAINED_AFTER)
    docker("stop", "--time", str(STOPPED_WITHIN), *instances)
    docker("rm", *instances)


def state(instance: str) -> str:
    return docker("inspect", "--format", "{{.State.Status}}", instance)


def is_ready(instance: str) -> bool:
    """Ask the instance itself, on its loopback interface, whether it can do its work."""
    answer = subprocess.run(["docker", "exec", instance, "python", "-c", ASK], capture_output=True, check=False)
    return answer.returncode == 0


def socket(instance: str) -> str:
    """What an instance calls its socket: its container's host name, which is the beginning of its id."""
    return f"{instance[:12]}.sock"


def last_lines(instance: str) -> str:
    """The last lines of an instance, on either of its outputs."""
    command = ["docker", "logs", "--tail", "20", instance]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout


def main() -> int:
    parser = argparse.ArgumentParser(prog="deploy", description="Replace one service's instances without a pause.")
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument("--version", required=True, help="what /livez will say")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--context", type=Path, help="a repository to build from, instead of this one")
    source.add_argument("--image", help="an image that exists, instead of building one: to roll back, say")
    options = parser.parse_args()
    context = (options.context or Path(__file__).parents[1]).resolve()
    try:
        Deploy(options.service, options.version, context, options.image).run()
    except DeployError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("COMPOSE_FILE", str(Path(__file__).parents[1] / "docker-compose.yml"))  # without the override
    sys.exit(main())
