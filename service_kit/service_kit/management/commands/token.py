"""Print a token for this service, where it runs alone under DEBUG."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from service_kit.auth import development


class Command(BaseCommand):
    help = "Print a token that holds for an hour, and make the keys for it. Only under DEBUG."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scope", required=True, help="what its bearer may do, for example 'orders:write'")
        parser.add_argument("--subject", default="alice", help="who its bearer is")

    def handle(self, *, scope: str, subject: str, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Tokens are made under DEBUG only. In production the identity provider makes them.")
        if str(development.JWKS) != settings.AUTH_JWKS:
            raise CommandError(
                "AUTH_JWKS names another issuer, which would not know this token. Unset AUTH_JWKS to use this command."
            )
        development.make_keys()
        self.stdout.write(development.sign_token(subject=subject, scope=scope))
