"""Make the keys with which this service can run alone under DEBUG."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from service_kit.auth import development


class Command(BaseCommand):
    help = "Make the keys that tokens are signed and verified with under DEBUG. Those that exist stay."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("These keys are for DEBUG only. docs/operations.md says what production needs.")
        development.make_keys()
        self.stdout.write(
            f"The keys are in {development.FOLDER}. What runs already must be started again to read them."
        )
