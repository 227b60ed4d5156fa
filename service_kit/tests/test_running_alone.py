"""A service that runs alone under DEBUG makes its own keys and tokens, and nothing of that works without DEBUG."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from service_kit.testing.starting import ENOUGH

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
def alone(tmp_path: Path) -> Path:
    """A service's folder without keys."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "sample_service", ignore=shutil.ignore_patterns(".data")))


def python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_accepts_the_token_that_it_makes(alone: Path) -> None:
    made = python(alone, "manage.py", "token", "--scope", "things:write", "--subject", "bob", **DEBUG)

    shown = python(alone, "-c", SHOW_CALLER, made.stdout.strip(), **DEBUG)

    assert shown.stdout.splitlines()[-1] == "bob things:write", made.stderr + shown.stderr


def test_its_keys_are_made_once_and_readable_by_their_owner_only(alone: Path) -> None:
    python(alone, "manage.py", "development_keys", **DEBUG)
    keys = alone / ".data" / "keys"
    first = {path.name: path.read_text() for path in keys.iterdir()}

    python(alone, "manage.py", "development_keys", **DEBUG)

    assert {path.name: path.read_text() for path in keys.iterdir()} == first
    assert set(first) == {"issuer.jwks.json", "issuer.private.json", "service.private.json"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}


@pytest.mark.parametrize("command", [["token", "--scope", "things:write"], ["development_keys"]])
def test_without_debug_nothing_is_made(alone: Path, command: list[str]) -> None:
    refused = python(alone, "manage.py", *command, **ENOUGH)

    assert refused.returncode == 1
    assert "DEBUG" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert not (alone / ".data").exists()


def test_no_token_is_made_that_the_service_would_refuse(alone: Path) -> None:
    refused = python(alone, "manage.py", "token", "--scope", "things:write", AUTH_JWKS="others.json", **DEBUG)

    assert refused.returncode == 1
    assert "AUTH_JWKS names another issuer" in refused.stderr
    assert not (alone / ".data").exists()


def test_a_missing_setting_is_one_sentence_that_says_what_to_do(alone: Path) -> None:
    refused = python(alone, "manage.py", "check", **{**ENOUGH, "SECRET_KEY": ""})

    assert refused.returncode == 1
    assert refused.stderr.startswith("SECRET_KEY (or SECRET_KEY_FILE) is not set. docs/operations.md says")
    assert len(refused.stderr.splitlines()) == 1


def test_gunicorn_says_the_same_sentence(alone: Path) -> None:
    environment = {**ENOUGH, "SECRET_KEY": "", "BIND": f"unix:{alone}/socket"}

    refused = python(alone, "-m", "gunicorn", "config.wsgi", "-c", "gunicorn.conf.py", **environment)

    assert refused.returncode == 1
    assert "\nSECRET_KEY (or SECRET_KEY_FILE) is not set." in refused.stderr
    assert "Traceback" not in refused.stderr
