"""How gunicorn serves the admin: as the API, but for a few clerks, whose searches may take longer."""

import os
import runpy
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "config.admin_settings"
os.environ.setdefault("WEB_THREADS", "4")
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT_MS", "4000")  # less than the gateway waits

# All that is not said here is as there; a file with a dot in its name cannot be imported.
globals().update(runpy.run_path(str(Path(__file__).with_name("gunicorn.conf.py"))))

wsgi_app = "config.admin_wsgi"
workers = 1
