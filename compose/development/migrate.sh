#!/bin/sh
# Migrates, and then runs the command of manage.py that is named. What fails is tried again after the next save.
set -eu
until python manage.py migrate --no-input && { [ $# = 0 ] || python manage.py "$@"; }; do
    echo "This is tried again after the next save." >&2
    python -c "import watchfiles as w; next(w.watch('/app', '/service_kit', watch_filter=w.PythonFilter()))"
done
