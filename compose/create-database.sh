#!/usr/bin/env bash
# A database for the service, and a role that owns it and nothing else: the administrator's password stays here.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --set service="$SERVICE" --set password="$(cat "$SERVICE_PASSWORD_FILE")" \
    --username postgres --dbname postgres --quiet <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
