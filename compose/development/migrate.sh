#!/bin/sh
# Migrates, and then runs the command of manage.py that is named. What fails is tried again after the next save.
set -eu
saves() {
    find /app /service_kit -name __pycache__ -prune -o -name '*.py' -printf '%p %T@\n' | cksum
}
while before=$(saves); do
    python manage.py migrate --no-input && { [ $# = 0 ] || python manage.py "$@"; } && exit
    echo "This is tried again after the next save." >&2
    while [ "$(saves)" = "$before" ]; do
        sleep 0.5
    done
done
