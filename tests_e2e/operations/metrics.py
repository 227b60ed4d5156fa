"""The metrics that parts of the shop expose, and the metrics that expressions use."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpx
import promql_parser
from prometheus_client.parser import text_string_to_metric_families
from promql_parser import AggregateExpr, Expr, MatchOp, VectorSelector

WORDS = re.compile(r"[\w -]+(\|[\w -]+)*")
RATE_INTERVAL = "$__rate_interval"  # Grafana's, which no parser of Prometheus's language knows


@dataclass(frozen=True)
class Sample:
    name: str
    labels: Mapping[str, str]
    value: float


class Samples(list[Sample]):
    """All samples that parts expose at one moment."""

    def total(self, name: str, **labels: str) -> float:
        """The sum of the samples of that name and, among others, those labels; 0 where there are none."""
        return sum(each.value for each in self if each.name == name and labels.items() <= each.labels.items())


def scrape(*urls: str) -> Samples:
    """Request metrics as Prometheus does."""
    samples = Samples()
    for url in urls:
        answer = httpx.get(url, trust_env=False).raise_for_status()
        families = text_string_to_metric_families(answer.text)
        samples += [Sample(each.name, each.labels, each.value) for family in families for each in family.samples]
    return samples


@dataclass(frozen=True)
class Used:
    """One metric that an expression uses, with the labels and the values that it must have."""

    metric: str
    labels: frozenset[str]
    values: frozenset[tuple[str, str]]


def metrics_in(expression: str) -> list[Used]:
    """
    Return the metrics that an expression of Prometheus's language uses.

    A pattern counts as values where it is a choice of words.
    """
    enclosing: list[Sequence[str]] = []
    found: list[Used] = []

    def enter(part: Expr) -> bool:
        if isinstance(part, AggregateExpr):
            enclosing.append(part.modifier.labels if part.modifier else [])
        if isinstance(part, VectorSelector):
            found.append(_used(part, [label for labels in enclosing for label in labels]))
        return True

    def leave(part: Expr) -> bool:
        if isinstance(part, AggregateExpr):
            enclosing.pop()
        return True

    promql_parser.walk(promql_parser.parse(expression.replace(RATE_INTERVAL, "5m")), enter, leave)
    return found


def _used(selector: VectorSelector, grouped: Sequence[str]) -> Used:
    matchers = selector.matchers.matchers
    return Used(
        metric=selector.name or "",
        labels=frozenset([*grouped, *(matcher.name for matcher in matchers)]),
        values=frozenset((matcher.name, word) for matcher in matchers for word in _words(matcher.op, matcher.value)),
    )


def _words(kind: MatchOp, value: str) -> Iterator[str]:
    if kind in (MatchOp.Equal, MatchOp.Re) and WORDS.fullmatch(value):
        yield from value.split("|")
