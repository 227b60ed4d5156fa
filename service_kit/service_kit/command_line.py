"""Django's command line, with the settings that each command needs."""

import os
import sys
from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db.utils import OperationalError
from environs import EnvError

from service_kit import debugger

# These commands work on the tables of the admin, and on its users, too. All others start as the API does.
WITH_THE_ADMIN = {
    *("migrate", "makemigrations", "showmigrations", "sqlmigrate"),
    *("createsuperuser", "changepassword", "clearsessions", "dumpdata", "loaddata", "flush"),
}


def main() -> None:
    """Run the command that the command line names."""
    of_admin = WITH_THE_ADMIN & set(sys.argv[1:2]) and find_spec("config.admin_settings")  # not every service has one
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.admin_settings" if of_admin else "config.settings")
    if sys.stdout is None:  # closed, as by `>&-`
        if sys.stderr is not None:
            sys.stderr.write("Standard output is closed.\n")
        sys.exit(2)
    try:
        debugger.listen()
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EnvError) as error:
        sys.exit(f"{error}")  # it says which setting is wrong: a traceback would hide that
    except OperationalError as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Database error: {str(error).strip()}")
