#!/usr/bin/env bash
# Make a virtual environment in $1 with the first Python that is new enough, or say what to type.
set -euo pipefail

python=""
for candidate in python3 python3.13 python3.12 python3.11; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done

if [[ -z $python ]]; then
  cat >&2 <<MESSAGE
Innsyn needs Python 3.11 or newer, and none was found.
  Debian, Ubuntu:  sudo apt install python3 python3-venv     (older Ubuntu: python3.11 python3.11-venv)
  macOS:           brew install python@3.12
Then run the same command again.
MESSAGE
  exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  cat >&2 <<MESSAGE
$python ($version) cannot make virtual environments: Debian and Ubuntu ship that part separately.
  sudo apt install python$version-venv
Then run the same command again.
MESSAGE
  exit 1
fi

echo "Making a virtual environment in $1 …"
"$python" -m venv "$1"
