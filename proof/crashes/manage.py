"""A service's management commands with a fault in them: `python -m crashes.manage COMMAND`."""

import os
import sys
from importlib import import_module

from crashes.injection import install


def main() -> None:
    """Run the command of the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import_module("django").setup()
    install()
    import_module("django.core.management").execute_from_command_line(["manage.py", *sys.argv[1:]])


if __name__ == "__main__":
    main()
