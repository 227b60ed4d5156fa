"""Runs the command line."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while modules are imported ends this without a traceback

from commands.cli import main  # noqa: E402

sys.exit(main())
