"""The dashboard: such as Grafana loads it, without a number used twice or a panel over another."""

from itertools import combinations
from typing import Any

from support.observability import dashboard, panels

COLUMNS = 24


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


def test_it_can_be_found_and_chosen_a_prometheus_for() -> None:
    board = dashboard()
    (variable,) = board["templating"]["list"]

    assert (board["uid"], board["title"]) == ("shop", "Shop")
    assert (variable["name"], variable["type"], variable["query"]) == ("datasource", "datasource", "prometheus")
    assert isinstance(board["schemaVersion"], int)
    assert "id" not in board  # Grafana's own number of it


def test_every_panel_has_a_place_of_its_own() -> None:
    every = dashboard()["panels"]
    places = [panel["gridPos"] for panel in every]

    assert len({panel["id"] for panel in every}) == len(every)
    assert all(place["x"] + place["w"] <= COLUMNS for place in places)
    assert [pair for pair in combinations(places, 2) if overlap(*pair)] == []


def test_every_panel_says_what_it_shows_in_which_unit_and_asks_the_chosen_prometheus() -> None:
    chosen = {"type": "prometheus", "uid": "${datasource}"}

    for panel in panels():
        assert panel["type"] in {"timeseries", "stat"}, panel["title"]
        assert panel["title"], panel["id"]
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["datasource"] == chosen, panel["title"]
        assert panel["targets"], panel["title"]
        assert all(target["datasource"] == chosen for target in panel["targets"]), panel["title"]
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references), panel["title"]


def test_every_label_in_a_legend_is_one_that_the_expression_keeps() -> None:
    for panel in panels():
        for target in panel["targets"]:
            for label in _labels(target["legendFormat"]):
                assert f"{label}" in target["expr"].partition("by (")[2].partition(")")[0].split(", "), panel["title"]


def test_it_shows_which_alerts_fire() -> None:
    asked: list[Any] = [target["expr"] for panel in panels() for target in panel["targets"]]

    assert any("ALERTS{" in expression for expression in asked)


def _labels(legend: str) -> list[str]:
    return [part.partition("}}")[0] for part in legend.split("{{")[1:]]
