"""How much metrics have grown since a test looked at them last: they are the process's, and so every test's."""

from prometheus_client import REGISTRY

Labels = frozenset[tuple[str, str]]


class Counting:
    """Begins at nothing when it is made."""

    def __init__(self) -> None:
        self._before = _samples()

    def of(self, name: str, **labels: str) -> dict[str, float]:
        """Return by how much the samples of that name and those labels grew, by the values of their other labels."""
        grown = {}
        for (sample, its_labels), value in _samples().items():
            growth = value - self._before.get((sample, its_labels), 0.0)
            if sample == name and growth and labels.items() <= dict(its_labels).items():
                others = sorted((key, said) for key, said in its_labels if key not in labels)
                grown[" ".join(said for _, said in others)] = growth
        return grown


def gauge(name: str, **labels: str) -> float | None:
    """Return what a metric says now."""
    return REGISTRY.get_sample_value(name, labels)


def _samples() -> dict[tuple[str, Labels], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
    }
