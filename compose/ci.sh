#!/usr/bin/env bash
# The shop in containers, from nothing to nothing, for development and hardened: up, all tests that can run against it, down.
# Without an engine it says so and does nothing; where CI=true that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
# A program that starts an engine and provides base images, for machines that have neither: `up`, `images DIR`, `down`.
engine=${DOCKER_ENGINE:-../shared/bin/docker-engine}
started=no

# Beside a shop that a developer may have up.
export COMPOSE_PROJECT_NAME=shop-ci PORT=0 PROMETHEUS_PORT=0 COMPOSE_PROFILES=observability
export COMPOSE_FILE=$PWD/docker-compose.yml
DATA_DIR=$(mktemp -d)
export DATA_DIR

finish() {
    code=$?
    if [ "$code" != 0 ]; then
        docker compose ps --all || true
        docker compose logs --tail 30 || true
    fi
    make down || code=1
    rmdir "$DATA_DIR"
    [ "$started" = no ] || "$engine" down
    exit "$code"
}

if ! timeout 20 docker info >/dev/null 2>&1; then
    if [ ! -x "$engine" ] || [ "$(id -u)" != 0 ]; then
        echo "NOT TESTED: the containers. No docker engine answers here." >&2
        rmdir "$DATA_DIR"
        [ "${CI:-}" != true ]
        exit
    fi
    "$engine" up
    started=yes
fi
trap finish EXIT
[ ! -x "$engine" ] || "$engine" images .

make test-development
make up
make test-compose
