"""`python -m standins.journal --port 8100`: serve the demo journal on this machine only."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

import uvicorn

from standins.journal.app import create_app, demo_people


def main() -> None:
    """Serve, or print the demo citizens with `--people`."""
    parser = argparse.ArgumentParser(prog="python -m standins.journal", description=__doc__)
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument(
        "--today", type=date.fromisoformat, help="the day that the record is seen from, e.g. 2026-11-23"
    )
    parser.add_argument(
        "--pace", type=float, default=4.0, help="seconds for each step of what citizens have sent in"
    )
    parser.add_argument("--keep", type=Path, help="a file that keeps what is taken in until the next start")
    parser.add_argument("--people", action="store_true", help="print the demo citizens as JSON and stop")
    arguments = parser.parse_args()
    if arguments.people:
        json.dump(demo_people(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    app = create_app(arguments.today, pace=arguments.pace, keep=arguments.keep)
    uvicorn.run(app, host="127.0.0.1", port=arguments.port, log_level="warning")


if __name__ == "__main__":
    main()
