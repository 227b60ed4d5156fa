"""The environment variables that the shop's programs read, found in their code, and those that are documented."""

import ast
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from stack.places import GATEWAY, REPOSITORY, service_folder

KIT = REPOSITORY / "service_kit" / "service_kit"
# Tests, and the admin, whose processes may take longer than those of the API.
OTHERS = {".venv", "tests", "testing", "test", "admin_configuration.py", "gunicorn.admin.conf.py"}
OPERATIONS = REPOSITORY / "docs" / "operations.md"
ENVIRONMENT = "os.environ"
READERS = {"get", "setdefault", "getenv"}
# Set by programs for themselves; operators do not set them.
INNER = {"DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR", "PYDEVD_DISABLE_FILE_VALIDATION"}


def read_by_service(name: str) -> dict[str, str | None]:
    """
    Return the variables that a service's code reads, with their defaults as text, None where code works them out.

    A default that gunicorn's configuration sets for web processes comes before that of the settings, and the service's
    own before that of the kit.
    """
    folder = service_folder(name)
    settings = [*_code(folder), *_code(KIT)]
    web = [KIT / "server" / "configuration.py", folder / "gunicorn.conf.py"]
    found: dict[str, str | None] = {}
    for path in [*settings, *web]:
        of_this_file = dict(_read_in(ast.parse(path.read_text())))
        found = {**of_this_file, **found} if path in settings and path not in web else {**found, **of_this_file}
    return {variable: default for variable, default in found.items() if variable not in INNER}


def _code(folder: Path) -> list[Path]:
    """The Python files of a folder that run in production."""
    paths = sorted(folder.rglob("*.py"))
    return [path for path in paths if OTHERS.isdisjoint(path.relative_to(folder).parts)]


def read_by_gateway() -> dict[str, str | None]:
    """Return the variables of the gateway's templates, and those of its image, with the defaults of defaults.env."""
    templates = "".join(path.read_text() for path in GATEWAY.rglob("*.template"))
    used: dict[str, str | None] = dict.fromkeys(re.findall(r"\$\{([A-Z_]+)\}", templates))
    lines = (GATEWAY / "defaults.env").read_text().splitlines()
    defaults = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return used | defaults


def read_by_compose() -> dict[str, str | None]:
    """Return the variables that docker-compose.yml takes from the environment, with their defaults."""
    text = (REPOSITORY / "docker-compose.yml").read_text()
    found = dict(re.findall(r"\$\{([A-Z_]+):?-?([^}]*)\}", text))
    services = yaml.safe_load(text)["services"].values()
    passed = {name: None for each in services for name in _passed_on(each)}
    return {**passed, **found}


def of_the_sdk(name: str) -> set[str]:
    """The standard's variables that the OpenTelemetry in a service's virtual environment knows."""
    script = "import opentelemetry.sdk.environment_variables as known; print(*vars(known))"
    python = service_folder(name) / ".venv" / "bin" / "python"
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)
    return {word for word in done.stdout.split() if word.startswith("OTEL_")}


def documented(heading: str) -> dict[str, Mapping[str, str]]:
    """The rows of the first table under a heading of docs/operations.md, by the variable that they are about."""
    section = OPERATIONS.read_text().split(f"\n### {heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [_cells(line) for line in section.splitlines() if line.startswith("|")]
    columns, _, *rows = lines
    return {row[0].strip("`"): dict(zip(columns, row, strict=True)) for row in rows}


def documented_by(service: str) -> dict[str, Mapping[str, str]]:
    """The rows about a service's own variables: of docs/operations.md, or of its README if it is a further one."""
    readme = (REPOSITORY / service / "README.md").read_text().partition("| variable |")[2].partition("\n\n")[0]
    rows = [_cells(line) for line in readme.splitlines()[2:]]
    own = {cells[0].strip("`"): {"service": service, "default": cells[1]} for cells in rows}
    return {name: row for name, row in documented("One service").items() if row["service"] == service} | own


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("| ").split(" | ")]


def _passed_on(service: Mapping[str, dict[str, dict[str, str | None]]]) -> Iterator[str]:
    """The arguments of a build that have no value of their own: compose takes it from the environment."""
    arguments = service.get("build", {}).get("args", {})
    return (name for name, value in arguments.items() if value is None)


def _read_in(module: ast.Module) -> Iterator[tuple[str, str | None]]:
    """What one file reads: `env.str("NAME", default=...)`, `os.environ.get("NAME", ...)`, `os.environ["NAME"]`."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=kind), args=[ast.Constant(value=str(name)), *rest]):
                if ast.unparse(owner) == "env":
                    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
                    yield name, _text(keywords.get("default"))
                elif (ast.unparse(owner) == ENVIRONMENT and kind in READERS) or (ast.unparse(owner), kind) == (
                    "os",
                    "getenv",
                ):
                    yield name, _text(rest[0] if rest else None)
            case ast.Subscript(value=owner, slice=ast.Constant(value=str(name)), ctx=ast.Load()):
                if ast.unparse(owner) == ENVIRONMENT:
                    yield name, None
            case ast.Compare(left=ast.Constant(value=str(name)), comparators=[owner]):
                if ast.unparse(owner) == ENVIRONMENT:
                    yield name, None


def _text(default: ast.expr | None) -> str | None:
    """A default as an operator would write it."""
    if not isinstance(default, ast.Constant):
        return None
    if isinstance(default.value, bool):
        return str(default.value).lower()
    return f"{default.value:g}" if isinstance(default.value, int | float) else str(default.value)
