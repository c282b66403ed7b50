#!/usr/bin/env bash
# See to it that ClamAV's daemon is here for the tests of files. They bring their own signatures: none are fetched.
set -euo pipefail

if [[ -n $(PATH=/usr/sbin:/usr/local/sbin:$PATH command -v clamd) ]]; then exit 0; fi

if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  echo "Installing ClamAV's daemon with apt (once) …"
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq && apt-get install -y -qq --no-install-recommends clamav-daemon >/dev/null; then exit 0; fi
fi
echo "ClamAV's daemon is not here: the tests that need it are skipped (Debian, Ubuntu: sudo apt install clamav-daemon)."
