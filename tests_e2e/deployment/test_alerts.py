"""The alert rules: valid, each of them tested, and each with a page that says what to do."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from driver.programs import lacking
from stack.places import REPOSITORY
from stack.registry import SERVICES
from support.manifests import Kustomization, prometheus_configuration
from support.observability import FOLDER, RULE_TESTS, RULES, rules

OPERATIONS = REPOSITORY / "docs" / "operations.md"


@pytest.fixture(scope="module")
def promtool() -> str:
    """Prometheus's own checker. Without it the test is skipped, or fails where CI=true."""
    return shutil.which("promtool") or lacking("promtool was not found (apt-get install prometheus)")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_prometheus_takes_the_rules_and_its_configuration(promtool: str, tmp_path: Path) -> None:
    configuration = tmp_path / "prometheus.yml"
    lines = (FOLDER / "prometheus.yml").read_text().splitlines(keepends=True)
    # The image of compose knows this line; the promtool of a distribution may be older than it.
    configuration.write_text("".join(line for line in lines if not line.startswith("scrape_config_files:")))
    shutil.copy(RULES, tmp_path)

    for command in [("check", "rules", RULES), ("check", "config", configuration)]:
        checked = run(promtool, *command)

        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_each_alert_fires_when_it_should_and_not_before(promtool: str) -> None:
    tested = run(promtool, "test", "rules", RULE_TESTS)

    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_every_alert_is_tested() -> None:
    tests = yaml.safe_load(RULE_TESTS.read_text())["tests"]

    fired = {case["alertname"] for test in tests for case in test["alert_rule_test"] if case.get("exp_alerts")}

    assert fired == {rule["alert"] for rule in rules()}


def test_every_alert_says_what_is_wrong_how_urgent_it_is_and_where_to_read_on() -> None:
    headings = {line.removeprefix("#### ") for line in OPERATIONS.read_text().splitlines() if line.startswith("#### ")}

    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]
        assert rule["annotations"]["runbook_url"] == f"docs/operations.md#{rule['alert'].lower()}"
        assert rule["alert"] in headings


def test_in_a_cluster_every_pod_that_tells_metrics_has_the_job_that_rules_know() -> None:
    (scraped,) = prometheus_configuration("kubernetes.yml")["scrape_configs"]
    known = {job["job_name"] for job in prometheus_configuration("prometheus.yml")["scrape_configs"]}

    jobs = set()
    for service in SERVICES:
        for name, pod in Kustomization(service).pods().items():
            ports = Kustomization(service).container(name).get("ports", [])
            labels = {"job": scraped["job_name"], **_discovered(pod["metadata"]["labels"])}
            jobs |= {_relabeled({**labels, PORT_NAME: port["name"]}, scraped["relabel_configs"]) for port in ports}

    assert jobs - {None} == known


PORT_NAME = "__meta_kubernetes_pod_container_port_name"


def _discovered(labels: dict[str, str]) -> dict[str, str]:
    """What Prometheus calls a pod's labels."""
    return {f"__meta_kubernetes_pod_label_{re.sub(r'[^A-Za-z0-9_]', '_', name)}": said for name, said in labels.items()}


def _relabeled(labels: dict[str, str], rules: list[dict[str, str | list[str]]]) -> str | None:
    """The job of a target after the rules were applied in order, as Prometheus does; None if it is not kept."""
    for rule in rules:
        joined = ";".join(labels.get(name, "") for name in rule["source_labels"])
        matched = re.fullmatch(str(rule.get("regex", "(.*)")), joined)
        if rule.get("action") == "keep":
            if matched is None:
                return None
        elif matched:
            template = re.sub(r"\$\{?(\d+)\}?", r"\\g<\1>", str(rule.get("replacement", "$1")))
            labels[str(rule["target_label"])] = matched.expand(template)
    return labels["job"]
