"""The admin's start: fit for production, apart from the API, with tables that `migrate` makes."""

from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.test_settings import SERVICE

ADMIN = {**SERVICE.enough, "DJANGO_SETTINGS_MODULE": "config.admin_settings"}
LOADED = "import sys, {}; print(*(name in sys.modules for name in ('django.contrib.auth.models', 'things.admin')))"


def test_cookies_over_plain_http_are_a_choice_that_the_check_tells_of() -> None:
    checked = SERVICE.check_for_production(**ADMIN, ADMIN_COOKIES_SECURE="false")

    assert checked.returncode != 0
    assert all(name in checked.stderr for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"))


def test_its_application_starts_and_the_apis_starts_without_it() -> None:
    with_admin, without = (
        SERVICE.python("-c", LOADED.format(module), **{**SERVICE.enough, "DJANGO_SETTINGS_MODULE": settings})
        for module, settings in (("config.admin_wsgi", "config.admin_settings"), ("config.wsgi", "config.settings"))
    )

    assert with_admin.stdout == "True True\n", with_admin.stderr
    assert without.stdout == "False False\n", without.stderr


@pytest.mark.usefixtures("the_admin")
@pytest.mark.parametrize(
    ("password", "refusal"),
    [("short", "too short"), ("12345678901234", "entirely numeric"), ("password1234", "common")],
)
def test_a_weak_password_is_refused(password: str, refusal: str) -> None:
    with pytest.raises(ValidationError, match=refusal):
        validate_password(password)


def test_one_command_makes_all_tables_and_another_one_the_first_user(tmp_path: Path) -> None:
    database = {**SERVICE.enough, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    del database["DEBUG"]
    environment = {**database, "DJANGO_SUPERUSER_PASSWORD": "a long walk by the sea"}

    done = [
        SERVICE.python(
            "-c",
            f"import os, runpy, sys; del os.environ['DJANGO_SETTINGS_MODULE']; sys.argv = {arguments!r}; "
            "runpy.run_path('manage.py', run_name='__main__')",
            **environment,
        )
        for arguments in (
            ["manage.py", "migrate", "--no-input"],
            ["manage.py", "migrate", "--check"],
            ["manage.py", "createsuperuser", "--no-input", "--username=anna", "--email="],
        )
    ]

    assert [each.returncode for each in done] == [0, 0, 0], done
    assert "Applying sessions.0001_initial... OK" in done[0].stdout
    assert "Superuser created successfully." in done[2].stdout
