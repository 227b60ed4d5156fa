"""Runs a script in a service's own virtual environment, to compare a proof with the code that it proves."""

import subprocess

from stack.environment import plain_environment
from stack.places import service_folder

WITHOUT_SECRETS = {"DEBUG": "true", "DATABASE_URL": "sqlite://:memory:", "DJANGO_SETTINGS_MODULE": "config.settings"}


def output_of(service: str, script: str, *arguments: str) -> str:
    """Return what the script prints. It may import the service's modules; Django is set up."""
    folder = service_folder(service)
    done = subprocess.run(
        [str(folder / ".venv" / "bin" / "python"), "-c", f"import django\ndjango.setup()\n{script}", *arguments],
        cwd=folder,
        env={**plain_environment(), **WITHOUT_SECRETS},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout
