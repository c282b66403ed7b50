#!/usr/bin/env bash
# Renew the pins. Versions and hashes only: where a package is fetched from is a matter for each machine.
set -euo pipefail

uv=$PWD/.venv/bin/uv
cd infra/requirements
for name in run test; do
  "$uv" pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$name.in" -o "$name.txt"
done
cd ../..
for folder in pwa e2e; do
  (cd "$folder" && npm update --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund)
  # npm also writes whom one may support, with addresses: no pin needs them.
  node -e '
    const fs = require("node:fs"), lock = JSON.parse(fs.readFileSync(process.argv[1]))
    for (const one of Object.values(lock.packages)) delete one.funding
    fs.writeFileSync(process.argv[1], JSON.stringify(lock, null, 2) + "\n")
  ' "$folder/package-lock.json"
done
