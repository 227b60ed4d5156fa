"""A service that runs alone under DEBUG makes its own keys and tokens, and nothing of that works without DEBUG."""

import shutil
import stat
from pathlib import Path

import pytest

from service_kit.testing.starting import ENOUGH, Starting

SAMPLE = Path(__file__).parent / "sample_service"
DEBUG = {"DEBUG": "true", "DATABASE_URL": "sqlite://:memory:"}
SHOW_CALLER = """
import sys, django
django.setup()
from service_kit.auth.authentication import TokenAuthentication
claims = TokenAuthentication().verifier().verify(sys.argv[1])
print(claims.subject, *claims.scopes)
"""


@pytest.fixture
def alone(tmp_path: Path) -> Starting:
    """A service's folder without keys."""
    return Starting(Path(shutil.copytree(SAMPLE, tmp_path / "sample_service", ignore=shutil.ignore_patterns(".data"))))


def test_it_accepts_the_token_that_it_makes(alone: Starting) -> None:
    made = alone.python("manage.py", "token", "--scope", "things:write", "--subject", "bob", **DEBUG)

    shown = alone.python("-c", SHOW_CALLER, made.stdout.strip(), **DEBUG)

    assert shown.stdout.splitlines()[-1] == "bob things:write", made.stderr + shown.stderr


def test_its_keys_are_made_once_and_readable_by_their_owner_only(alone: Starting) -> None:
    alone.python("manage.py", "development_keys", **DEBUG)
    keys = alone.folder / ".data" / "keys"
    first = {path.name: path.read_text() for path in keys.iterdir()}

    alone.python("manage.py", "development_keys", **DEBUG)

    assert {path.name: path.read_text() for path in keys.iterdir()} == first
    assert set(first) == {"issuer.jwks.json", "issuer.private.json", "service.private.json"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}


@pytest.mark.parametrize("command", [["token", "--scope", "things:write"], ["development_keys"]])
def test_without_debug_nothing_is_made(alone: Starting, command: list[str]) -> None:
    refused = alone.python("manage.py", *command, **ENOUGH)

    assert refused.returncode == 1
    assert "DEBUG" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert not (alone.folder / ".data").exists()


@pytest.mark.parametrize("command", ["showmigrations", "flush --no-input"])
def test_a_command_whose_database_fails_says_so_in_one_line(alone: Starting, command: str) -> None:
    failed = alone.python("manage.py", *command.split(), **{**DEBUG, "DATABASE_URL": "sqlite:////no/folder/db"})

    assert (failed.returncode, failed.stderr) == (1, "Database error: unable to open database file\n")


def test_a_command_without_standard_output_says_so_in_one_line(alone: Starting) -> None:
    closed = "import os, runpy, sys; sys.argv[:] = ['manage.py', 'token']; sys.stdout = None; "

    refused = alone.python("-c", f"{closed}runpy.run_path('manage.py', run_name='__main__')", **DEBUG)

    assert (refused.returncode, refused.stderr) == (2, "Standard output is closed.\n")


def test_no_token_is_made_that_the_service_would_refuse(alone: Starting) -> None:
    refused = alone.python("manage.py", "token", "--scope", "things:write", AUTH_JWKS="others.json", **DEBUG)

    assert refused.returncode == 1
    assert "AUTH_JWKS names another issuer" in refused.stderr
    assert not (alone.folder / ".data").exists()


def test_a_missing_setting_is_one_sentence_that_says_what_to_do(alone: Starting) -> None:
    refused = alone.python("manage.py", "check", **{**ENOUGH, "SECRET_KEY": ""})

    assert refused.returncode == 1
    assert refused.stderr.startswith("SECRET_KEY (or SECRET_KEY_FILE) is not set. docs/operations.md says")
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY (or SECRET_KEY_FILE) is not set."),
        ("LOG_LEVEL", "LOUD", 'Environment variable "LOG_LEVEL" invalid'),
        ("METRICS_BIND", "here", "METRICS_BIND: there is no listening at 'here'"),
        ("DEBUGPY", "here", "DEBUGPY must be host:port, not 'here'."),
        ("DEBUGPY", "127.0.0.1:99999", "DEBUGPY must be host:port, not '127.0.0.1:99999'."),
        ("WEB_CONCURRENCY", "0", "WEB_CONCURRENCY must be a whole number above 0, not '0'."),
        ("WEB_THREADS", "many", "WEB_THREADS must be a whole number above 0, not 'many'."),
    ],
)
def test_gunicorn_says_the_same_sentence(alone: Starting, name: str, value: str, sentence: str) -> None:
    environment = {**ENOUGH, "BIND": f"unix:{alone.folder}/socket", name: value}

    refused = alone.python("-m", "gunicorn", "config.wsgi", "-c", "gunicorn.conf.py", **environment)

    assert refused.returncode == 1
    assert f"\n{sentence}" in f"\n{refused.stderr}"
    assert "Traceback" not in refused.stderr
