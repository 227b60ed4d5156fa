"""The environment variables that the shop's programs read, found in their code, and those that are documented."""

import ast
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from stack.places import GATEWAY, REPOSITORY, service_folder
from stack.registry import further_services

KIT = REPOSITORY / "service_kit" / "service_kit"
# Tests, and the admin, whose processes may take longer than those of the API.
OTHERS = {".venv", "tests", "testing", "test", "admin_configuration.py", "gunicorn.admin.conf.py"}
OPERATIONS = REPOSITORY / "docs" / "operations.md"
# They explain the variables of the gateway and of the shop in containers; those without a default are commented out.
DEFAULTS, EXAMPLE = GATEWAY / "defaults.env", REPOSITORY / ".env.example"
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


def read_by_gateway() -> set[str]:
    """Return the variables of the gateway's templates, and the one of its image that says which these are."""
    templates = "".join(path.read_text() for path in GATEWAY.rglob("*.template"))
    return {*re.findall(r"\$\{([A-Z_]+)\}", templates), "NGINX_ENVSUBST_FILTER"}


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


def explained_in(path: Path) -> dict[str, str]:
    """The variables of a commented file, with the values that it gives them; in a comment it is an example."""
    return dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", path.read_text(), flags=re.MULTILINE))


def documented(heading: str, *, column: str = "variable") -> dict[str, str]:
    """The variables of a table of docs/operations.md, with their defaults: "" where there is none, or one in words."""
    section = OPERATIONS.read_text().split(f"\n### {heading}\n", 1)[1].split("\n#", 1)[0]
    table = section.split(f"| {column} | meaning |\n", 1)[1].split("\n\n", 1)[0]
    return dict(re.findall(r"^\| `([A-Z_]+)=?(.*?)` \| \S", table, flags=re.MULTILINE))


def documented_by(service: str) -> dict[str, str]:
    """The variables of one service: those of docs/operations.md, or of its README if it is a further one."""
    if service not in {entry.name for entry in further_services()}:
        return documented("One service", column=service)
    table = (REPOSITORY / service / "README.md").read_text().partition("| variable |")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| `([A-Z_]+)` \| `?(?:required|(.*?))`? \| \S", table, flags=re.MULTILINE))


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
