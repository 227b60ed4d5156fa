"""Runs the command line."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while modules are imported ends this without a traceback

from bench.cli import main  # noqa: E402

signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    sys.exit(main())
except KeyboardInterrupt:
    sys.exit("The run was interrupted.")
