"""How much metrics grew since the start of a test: all tests of a process share them."""

from prometheus_client import REGISTRY

Labels = frozenset[tuple[str, str]]


class Counting:
    """Starts at zero when it is created."""

    def __init__(self) -> None:
        self._before = _samples()

    def of(self, name: str, **labels: str) -> dict[str, float]:
        """Return the growth of the samples with that name and those labels, by the values of their other labels."""
        grown = {}
        for (sample, its_labels), value in _samples().items():
            growth = value - self._before.get((sample, its_labels), 0.0)
            if sample == name and growth and labels.items() <= dict(its_labels).items():
                others = sorted((key, text) for key, text in its_labels if key not in labels)
                grown[" ".join(text for _, text in others)] = growth
        return grown


def gauge(name: str, **labels: str) -> float | None:
    """Return the present value of a metric."""
    return REGISTRY.get_sample_value(name, labels)


def _samples() -> dict[tuple[str, Labels], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
    }
