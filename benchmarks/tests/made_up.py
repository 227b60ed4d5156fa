"""Made-up rounds and comparisons."""

from dataclasses import replace

from bench.comparison import Comparison
from bench.rounds import Round, Setting

ROUND = Round(
    contender="ours",
    per_second=100.0,
    p50_ms=10.0,
    p99_ms=20.0,
    refused=0,
    failed=0,
    processor_ms={"order_service": 1.0, "postgresql": 0.5},
    commits=2.0,
    flushes=0.5,
    wal_bytes=1000.0,
    stock_error=0,
    first_answer=0.7,
    worker_mib={"gateway": 99.0, "order_service": 60.0},
    shared_mib={"gateway": 9.0, "order_service": 70.0},
)


def comparison(**rates: list[float]) -> Comparison:
    """A comparison of contenders that had these rates, round by round."""
    return Comparison(
        name="orders",
        setting=Setting(),
        titles={name: f"the {name}" for name in rates},
        notes=dict.fromkeys(rates, "made up"),
        rounds={
            name: [replace(ROUND, contender=name, per_second=rate) for rate in each] for name, each in rates.items()
        },
    )
