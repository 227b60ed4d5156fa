"""Every answer has a documented shape."""

from collections.abc import Iterator

from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation


def documented(run: Run) -> Iterator[Violation]:
    for operation in run.operations:
        if operation.answer is not None and operation.answer.wrong:
            message = f"an answer to {operation.invoke.kind} is not as documented: {operation.answer.wrong}"
            yield violation(run, "undocumented-answer", message, evidence=operation.entries)
