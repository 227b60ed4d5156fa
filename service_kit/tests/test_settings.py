"""The start: a service that is not in debug mode refuses to start without secrets of its own, and says which one."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from service_kit.settings.secrets import refuse_weak
from service_kit.testing.starting import SECRET, Starting

SERVICE = Starting(Path(__file__).parent / "sample_service")


def test_with_all_that_it_needs_it_starts() -> None:
    started = SERVICE.start(**SERVICE.enough)

    assert (started.returncode, started.stdout, started.stderr) == (0, "False\n", "")


def test_hosts_are_listed_with_commas_and_spaces_around_them_do_not_count() -> None:
    started = SERVICE.start("ALLOWED_HOSTS", **SERVICE.without("ALLOWED_HOSTS"), ALLOWED_HOSTS="a.test, b.test ,")

    assert started.stdout == "['a.test', 'b.test']\n"


def test_nothing_but_a_word_makes_it_a_debug_process() -> None:
    assert SERVICE.start("DEBUG", DEBUG="true").stdout == "True\n"
    assert SERVICE.start("DEBUG", **SERVICE.without("DEBUG")).stdout == "False\n"


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "AUTH_JWKS", "AUTH_ISSUER", "AUTH_AUDIENCE"])
def test_without_one_of_these_it_refuses_to_start_and_names_it(name: str) -> None:
    empty = {name: " , "} if name in {"ALLOWED_HOSTS", "AUTH_AUDIENCE"} else {}
    refused = SERVICE.start(**SERVICE.without(name), **empty)

    assert refused.returncode != 0
    assert "ImproperlyConfigured" in refused.stderr
    assert name in refused.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "secret",
    [
        "0123456789abcdef",
        "change-me-change-me-change-me-change-me-change-me-change-me",
        "django-insecure-0123456789012345678901234567890123456789",
    ],
)
def test_a_weak_secret_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY") as refused:
        refuse_weak({"SECRET_KEY": secret})

    assert secret not in str(refused.value)


def test_a_secret_may_be_in_a_file_with_a_newline_at_its_end(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")

    started = SERVICE.start("SECRET_KEY", **SERVICE.without("SECRET_KEY"), SECRET_KEY_FILE=str(file))

    assert (started.returncode, started.stdout) == (0, f"{SECRET}\n")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    refused = SERVICE.start(**SERVICE.without("SECRET_KEY"), SECRET_KEY_FILE=str(tmp_path / "nothing"))
    assert refused.returncode != 0
    assert "nothing" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("LOG_FORMAT", "xml"), ("LOG_LEVEL", "LOUD"), ("DEBUG", "perhaps"), ("SECRET_KEY", "weak")),
        *(("DATABASE_LOCK_TIMEOUT_MS", "9" * 10), ("DATABASE_STATEMENT_TIMEOUT_MS", "-1")),
        *((f"AUTH_{which}_CLAIM", "") for which in ("AUDIENCE", "SCOPE")),
        *(("AUTH_AUDIENCE_CLAIM", "azp"), ("AUTH_SCOPE_FORMAT", "tuple"), ("AUTH_REQUIRE_KID", "perhaps")),
        *(("AUTH_JWKS_PROXY", f"{address}:3128") for address in ("proxy.test", "https://proxy.test")),
        *(("AUTH_JWKS_PROXY", f"http://proxy.test:{rest}") for rest in ("3128/path", "port", "99999")),
        *(
            ("AUTH_JWKS", address)
            for address in ("https://id:port/keys", "ftp://id/keys", "http:///keys", "http://u:p@id/k")
        ),
        *((f"OTEL_EXPORTER_OTLP_{which}ENDPOINT", "collector:4318") for which in ("", "TRACES_")),
        *(
            ("DATABASE_URL", f"postgresql://{rest}")
            for rest in ("db:port/shop", "db/shop?connect_timeout=soon", "db:99999/s")
        ),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_and_its_variable_named(name: str, value: str) -> None:
    refused = SERVICE.start(**{**SERVICE.enough, name: value})

    assert refused.returncode != 0
    assert name in refused.stderr


@pytest.mark.parametrize("settings", ["config.settings", "config.admin_settings"])
def test_it_is_fit_for_production(settings: str) -> None:
    checked = SERVICE.check_for_production(**SERVICE.enough, DJANGO_SETTINGS_MODULE=settings)

    assert (checked.returncode, "no issues" in checked.stdout) == (0, True), checked.stderr
