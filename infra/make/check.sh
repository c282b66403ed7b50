#!/usr/bin/env bash
# Everything that can be said about the code without running the application. Shows every failing check, not the first.
set -uo pipefail

bin=.venv/bin
failed=()

check() {
  local name=$1
  shift
  printf '%-22s' "$name"
  local output
  if output=$("$@" 2>&1); then
    echo ok
  else
    echo FAILED
    printf '%s\n' "$output"
    failed+=("$name")
  fi
}

check "format" "$bin/ruff" format --check --quiet .
check "lint" "$bin/ruff" check --quiet .
check "types" "$bin/mypy"
check "import contracts" "$bin/lint-imports" --no-cache
check "templates" "$bin/djlint" pwa --extension html --lint --quiet
check "locks" infra/make/check_locks.sh
check "migrations" env PYTHONPATH=backend "$bin/python" infra/make/check_migrations.py
check "conventions" "$bin/python" -m pytest -q -p no:randomly tests/architecture

if ((${#failed[@]})); then
  echo "make check: ${#failed[@]} failed: ${failed[*]}"
  exit 1
fi
