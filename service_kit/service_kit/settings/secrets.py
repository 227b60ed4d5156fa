"""What must be true of the secrets before a service that is not in debug mode may start."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

REMEDY = "docs/operations.md says what it must be; for development, DEBUG=true needs none."
SHORTEST = 50  # as `manage.py check --deploy` wants it
SAMPLE_WORDS = ("change-me", "changeme", "example", "insecure", "sample", "secret-key")


def refuse_weak(secrets: Mapping[str, str]) -> None:
    """Raise ImproperlyConfigured, without its value, if a secret is missing, a sample, or under 50 characters."""
    for name, value in secrets.items():
        if not value:
            raise ImproperlyConfigured(f"{name} (or {name}_FILE) is not set. {REMEDY}")
        if len(value) < SHORTEST:
            raise ImproperlyConfigured(f"{name} is shorter than {SHORTEST} characters.")
        if any(word in value.lower() for word in SAMPLE_WORDS):
            raise ImproperlyConfigured(f"{name} is a sample value; make one of your own.")


def refuse_missing(variables: Mapping[str, str]) -> None:
    """Raise ImproperlyConfigured if a variable that this service cannot do without is not set."""
    for name, value in variables.items():
        if not value:
            raise ImproperlyConfigured(f"{name} is not set. {REMEDY}")
