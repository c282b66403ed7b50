#!/usr/bin/env bash
# See to it that there are a Chromium and a Firefox for the browser tests. $1 is the virtual environment's bin folder.
set -euo pipefail

works() { command -v "$1" >/dev/null && "$1" --version >/dev/null 2>&1; }
may_install() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; }

# One test is for it alone (push as it really goes), and says what is missing where it cannot be had.
if ! works firefox-esr && ! works firefox && may_install; then
  echo "Installing Firefox with apt (once) …"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends firefox-esr >/dev/null; } ||
    apt-get install -y -qq --no-install-recommends firefox >/dev/null || true
fi

for browser in chromium google-chrome; do
  if works "$browser"; then exit 0; fi
done
if "$1/python" - <<'PYTHON'
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
PYTHON
then exit 0; fi

if may_install; then
  echo "Installing Chromium with apt (once) …"
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null && works chromium; then
    exit 0
  fi
  # Ubuntu's package is only a pointer to a snap; Playwright brings its own and the libraries it needs.
  "$1/playwright" install --with-deps chromium
else
  echo "Installing Playwright's Chromium (once) …"
  "$1/playwright" install chromium
fi
