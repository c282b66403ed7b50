#!/usr/bin/env bash
# A lock pins versions and hashes. An address in it would send every installation to one machine.
set -uo pipefail

status=0
for lock in infra/requirements/*.txt pwa/package-lock.json e2e/package-lock.json; do
  if [[ $lock == *.txt ]]; then
    addresses=$(grep -nE '://|^--|^-i ' "$lock")
    unhashed=$(grep -E '^[a-z0-9]' "$lock" | grep -vE ' \\$')
  else
    addresses=$(grep -nE '"(resolved|url)":' "$lock")
    unhashed=""
  fi
  if [[ -n $addresses ]]; then
    echo "$lock names an address; run \`make lock\`:"; echo "$addresses" | head -5; status=1
  fi
  if [[ -n $unhashed ]]; then
    echo "$lock pins without a hash:"; echo "$unhashed" | head -5; status=1
  fi
done
exit $status
