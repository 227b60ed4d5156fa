"""Starts a service in a separate process, with a given environment: does it start, and what does it refuse?"""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from service_kit.testing.environment import COMMON

SECRET = COMMON["SECRET_KEY"]
ENOUGH = {name: value for name, value in COMMON.items() if name != "LOG_LEVEL"}
SHOW = "from django.conf import settings; print(settings.{})"


@dataclass(frozen=True)
class Starting:
    """Starts the service in a folder; `own` are the variables that it requires beyond those of every service."""

    folder: Path
    own: dict[str, str] = field(default_factory=dict)

    @property
    def enough(self) -> dict[str, str]:
        """The smallest environment in which the service starts."""
        return {**ENOUGH, **self.own}

    def without(self, name: str) -> dict[str, str]:
        """Return the smallest environment, less one variable."""
        return {variable: value for variable, value in self.enough.items() if variable != name}

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the service's folder, with only that environment."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, show: str = "DEBUG", **environment: str) -> subprocess.CompletedProcess[str]:
        """Read the settings, of which everything that refuses a start is a part, and print one."""
        return self.python("-c", SHOW.format(show), **environment)

    def check_for_production(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `manage.py check --deploy`, which fails at the first warning."""
        return self.python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
