"""Made-up rounds and comparisons."""

from dataclasses import replace

from bench.comparison import Comparison
from bench.rounds import Round, Setting

ROUND = Round(
    contender="ours",
    orders_per_second=100.0,
    p50_ms=10.0,
    p99_ms=20.0,
    refused=0,
    failed=0,
    processor_ms={"order_service": 1.0, "postgresql": 0.5, "wrk": 0.25},
    commits=2.0,
    flushes=0.5,
    wal_bytes=1000.0,
    stock_error=0,
    first_answer=0.7,
    worker_mib=60.0,
)


def comparison(**rates: list[float]) -> Comparison:
    """A comparison of contenders that had these rates, round by round."""
    return Comparison(
        name="orders",
        setting=Setting(),
        titles={name: f"the {name}" for name in rates},
        notes=dict.fromkeys(rates, "made up"),
        rounds={
            name: [replace(ROUND, contender=name, orders_per_second=rate) for rate in each]
            for name, each in rates.items()
        },
    )
