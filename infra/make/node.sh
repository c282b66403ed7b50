#!/usr/bin/env bash
# Check that Node.js 20 or newer is here with npm, or say what to type.
set -euo pipefail

if command -v npm >/dev/null && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null; then
  exit 0
fi

found=$(node --version 2>/dev/null || echo none)
cat >&2 <<MESSAGE
Innsyn builds its style sheets and scripts with Node.js 20 or newer and npm (found: $found).
  Debian, Ubuntu:  sudo apt install nodejs npm     (where that is older than 20: https://nodejs.org)
  macOS:           brew install node
Then run the same command again.
MESSAGE
exit 1
