#!/usr/bin/env python
"""Django's command line for this service."""

import os
import sys

from django.core.management import execute_from_command_line

# The tables of the admin, and its users, are this service's too. Every other command starts without them, as the API.
WITH_THE_ADMIN = {
    *("migrate", "makemigrations", "showmigrations", "sqlmigrate"),
    *("createsuperuser", "changepassword", "clearsessions", "dumpdata", "loaddata", "flush"),
}

if __name__ == "__main__":
    settings = "config.admin_settings" if WITH_THE_ADMIN & set(sys.argv[1:2]) else "config.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    execute_from_command_line(sys.argv)
