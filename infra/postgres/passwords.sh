#!/usr/bin/env bash
# Give the roles of roles.sql the passwords of the environment. Run by the PostgreSQL image at its first start.
set -euo pipefail

# psql quotes the values itself (:'…'), so a password may hold any character.
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v owner="$INNSYN_OWNER_PASSWORD" -v web="$INNSYN_WEB_PASSWORD" -v login="$INNSYN_LOGIN_PASSWORD" \
  -v worker="$INNSYN_WORKER_PASSWORD" \
  -v sealer="$INNSYN_SEALER_PASSWORD" -v auditor="$INNSYN_AUDITOR_PASSWORD" <<'SQL'
ALTER ROLE innsyn_owner PASSWORD :'owner';
ALTER ROLE innsyn_web PASSWORD :'web';
ALTER ROLE innsyn_login PASSWORD :'login';
ALTER ROLE innsyn_worker PASSWORD :'worker';
ALTER ROLE innsyn_sealer PASSWORD :'sealer';
ALTER ROLE innsyn_auditor PASSWORD :'auditor';
SQL
