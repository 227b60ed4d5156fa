"""The commands that documents show: what they name exists, or a test runs them, or a person has looked at them."""

import re
from collections.abc import Iterator

from documents import programs
from documents.document import Code, Command, Document

# A test runs all that the section shows: by document, and how the heading begins.
SESSIONS = {
    ("README.md", "A session"): "local/tests/test_session.py",
    ("docs/examples/README.md", ""): "tests_e2e/orders/test_examples.py",
    ("docs/operations.md", "Keys"): "tests_e2e/documents/test_set_up.py",
    ("docs/operations.md", "Set-up"): "tests_e2e/documents/test_set_up.py",
    ("order_service/README.md", "Alone"): "tests_e2e/operations/test_services_alone.py",
    ("product_service/README.md", "Alone"): "tests_e2e/operations/test_services_alone.py",
}
# A test runs commands that begin so, or what they stand for.
RUN_BY = {
    ".venv/bin/gunicorn config.wsgi": "tests_e2e/operations/test_services_alone.py",
    ".venv/bin/gunicorn -c gunicorn.admin.conf.py": "tests_e2e/gateway/test_admin.py",
    "gunicorn -c gunicorn.admin.conf.py": "tests_e2e/gateway/test_admin.py",
    "manage.py summarize_order": "service_template/tests/test_summary.py-tpl",
    "nginx -p": "tests_e2e/containers/test_confinement.py",
    "pg_dump": "tests_e2e/operations/test_restoring.py",
    "pg_restore": "tests_e2e/operations/test_restoring.py",
    'psql "$DATABASE_URL" -c "SELECT setval': "tests_e2e/operations/test_restoring.py",
    "python3 -c 'import sqlite3": "tests_e2e/operations/test_restoring.py",
    "rm -f order_service.sqlite3-wal": "tests_e2e/operations/test_restoring.py",
}
# No test runs these; a person has.
REVIEWED = {
    "apt-get install": "changes the machine",
    ".venv/bin/python -m bench": "needs an idle machine",
    "cd proof && .venv/bin/python -m chaos report": "needs the history of a run",
    "curl -i http://127.0.0.1:8081/order_service/readyz": "the usual port; test_routes.py reads the probes",
    "git status": "what .ci/third_service compares",
    "grep -h 0123456789abcdef": "test_request_id_in_logs.py reads these files",
    "ip6tables": "changes the machine",
    "iptables": "changes the machine",
    "nginx -s reload": "nginx's own",
    "pip install --require-hashes": "`make setup`",
    "python -m bench": "needs an idle machine",
    "uv pip compile": "`make lock`",
}

# What a command names is compared with what the program knows.
CHECKS = {
    r"\bmake ": programs.unknown_to_make,
    r"manage\.py ": programs.unknown_to_django,
    r"\bkubectl ": programs.unknown_to_the_cluster,
    r"\bdocker compose\b": programs.unknown_to_compose,
    r"^[A-Z]+_[A-Z_]+=\S*$": programs.unknown_settings,
}
OTHERS = RUN_BY | REVIEWED
PROGRAMS = (
    "apt-get|cd|curl|docker|export|git|gunicorn|ip6?tables|kubectl|make|nginx|pg_dump|pg_restore|pip|psql|python3?|uv"
)
BEGINS_A_COMMAND = re.compile(rf"(\w+=\S*\s+)*(({PROGRAMS}|(\S+/)?manage\.py|\S*\.venv/bin/\S+)\s|TOKEN=\$\()")
HEREDOC = re.compile(r"<<'(\w+)'([^\n]*)\n.*?^\1$", re.DOTALL | re.MULTILINE)
CONTINUED = re.compile(r"\s*\\\n\s*")
REMARK = re.compile(r"(\s+#\s|\s{3,}).*|^#.*")


def commands(document: Document) -> Iterator[Command]:
    """Yield the lines of blocks for a shell, and the code between backticks that calls a program."""
    return (
        Command(document.name, code.section, line.replace("{{ project_name }}", "shipping"))
        for code in document.codes()
        for line in _lines(code)
    )


def faults(command: Command) -> list[str]:
    """Return what is wrong: what the command names and does not exist, or that nobody knows whether it works."""
    checks = [check for kind, check in CHECKS.items() if re.search(kind, command.text)]
    if entry_for(command):
        checks = [check for check in checks if check is programs.unknown_to_the_cluster]  # no test here has a cluster
    elif not checks:
        return ["what it names is not checked, no test runs it, no person has reviewed it"]
    return [fault for check in checks for fault in check(command)]


def entry_for(command: Command) -> tuple[str, str] | str | None:
    """Return the entry of a list above that has the command."""
    without_settings = re.sub(r"^(\w+=\S* )+", "", command.text)
    beginnings = (beginning for beginning in OTHERS if without_settings.startswith(beginning))
    sessions = (
        (document, heading)
        for document, heading in SESSIONS
        if command.document == document and command.section.startswith(heading)
    )
    return next(beginnings, None) or next(sessions, None)


def _lines(code: Code) -> list[str]:
    if not code.is_block:
        return [code.text] if BEGINS_A_COMMAND.match(f"{code.text} ") and " " in code.text else []
    if code.language not in {"", "sh"}:
        return []
    text = CONTINUED.sub(" ", HEREDOC.sub(r"\2", code.text))
    lines = [line for each in text.splitlines() if (line := REMARK.sub("", each.strip()))]
    return lines if code.language or any(BEGINS_A_COMMAND.match(f"{line} ") for line in lines) else []
