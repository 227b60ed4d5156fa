"""Which mutants are worth a run of the tests: those that do something else than the module."""

import ast
from pathlib import Path

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import WorkItem


def changed_line(folder: Path, mutant: WorkItem) -> str | None:
    """
    Return the first line that a mutant changes; of a decorator, with the line that it decorates.

    :returns: None if it is no Python, or differs only in what mypy checks.
    """
    [change] = mutant.mutations
    before = (folder / change.module_path).read_text()
    after = mutate_code(before, get_operator(change.operator_name)(**change.operator_args), change.occurrence)
    if after is None or _executed(after) in {None, _executed(before)}:
        return None
    lines = after.splitlines()
    number = next(number for number, line in enumerate(before.splitlines()) if lines[number] != line)
    decorated = [lines[number + 1]] if lines[number].lstrip().startswith("@") else []
    return " ".join(line.strip() for line in [lines[number], *decorated])


def _executed(code: str) -> str | None:
    """Return the syntax tree without annotations, and without which arguments are named: mypy checks both."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.arguments):
            node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
            node.defaults += [default for default in node.kw_defaults if default]
            node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
    return ast.dump(tree)
