"""The services of the stack: folder, commands and environment of each."""

import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack import keys
from stack.environment import plain_environment
from stack.errors import StackError
from stack.places import service_folder
from stack.private import UMASK
from stack.registry import REGISTRY, Entry

PRIVATE_SOCKET = ["--umask", str(UMASK)]  # gunicorn makes sockets that everybody may connect to, whatever the umask


@dataclass(frozen=True)
class Service:
    """A Django service in a folder of its own with its own virtual environment."""

    name: str
    environment: Mapping[str, str]

    @property
    def folder(self) -> Path:
        return service_folder(self.name)

    def manage(self, *arguments: str) -> list[str]:
        """The command line of one of its management commands."""
        return [self._python(), "manage.py", *arguments]

    def serve(self) -> list[str]:
        """The command line of its web processes."""
        return [self._python(), "-m", "gunicorn", "config.wsgi", "-c", "gunicorn.conf.py", *PRIVATE_SOCKET]

    def serve_admin(self) -> list[str]:
        """The command line of its admin's one web process."""
        return [self._python(), "-m", "gunicorn", "-c", "gunicorn.admin.conf.py", *PRIVATE_SOCKET]

    def run(self, *arguments: str) -> str:
        """
        Run a management command to its end and return what it printed.

        :raises StackError: with its output, if it failed.
        """
        done = subprocess.run(
            self.manage(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            umask=UMASK,
            start_new_session=True,  # a Ctrl-C at the terminal is for whoever runs the stack
        )
        if done.returncode:
            raise StackError(f"{self.name}: manage.py {' '.join(arguments)} failed.\n{done.stdout}{done.stderr}")
        return done.stdout

    def _python(self) -> str:
        python = self.folder / ".venv" / "bin" / "python"
        if not python.exists():
            raise StackError(f"{self.folder}/.venv is missing. Run `make setup` first.")
        return str(python)


def all_services(
    made: keys.Keys,
    *,
    database_urls: Mapping[str, str],
    internal_url: str,
    overrides: Mapping[str, Mapping[str, str]],
) -> dict[str, Service]:
    """
    Return every service by its name, as production would set it up.

    :param internal_url: where services call each other.
    :param overrides: variables on top of the usual ones, by service.
    """
    return {
        name: Service(
            name,
            {
                **_common(name, made, database_urls[name]),
                **_between_services(entry, made, internal_url),
                **overrides.get(name, {}),
            },
        )
        for name, entry in REGISTRY.items()
    }


def answers_ready(address: str) -> bool:
    """Return whether the service on a unix socket answers /readyz with 200."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(address)
            client.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return b" 200 " in client.recv(100)
        except OSError:
            return False


def _between_services(entry: Entry, made: keys.Keys, internal_url: str) -> dict[str, str]:
    """Where a service finds those that it calls, how it signs its requests, and whose requests it accepts."""
    callers = {name: caller.scopes[entry.name] for name, caller in REGISTRY.items() if entry.name in caller.scopes}
    return {
        **{f"TRUSTED_SERVICE_{name.upper()}": f"{made.public_of(name)} {' '.join(callers[name])}" for name in callers},
        **dict.fromkeys(entry.calls.values(), internal_url),
        **({"SERVICE_TOKEN_KEY_FILE": str(made.private_of(entry.name))} if entry.calls else {}),
        **{setting: str(made.public_of(caller)) for caller, setting in entry.trusts.items()},
    }


def _common(name: str, made: keys.Keys, database_url: str) -> dict[str, str]:
    return {
        **plain_environment(),
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY_FILE": str(made.secret_of(name)),
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DATABASE_URL": database_url,
        "LOG_FORMAT": "json",
        "AUTH_JWKS": str(made.issuer_public),
        "AUTH_ISSUER": keys.ISSUER,
        "AUTH_AUDIENCE": keys.AUDIENCE,
        "VERSION": "local",
    }
