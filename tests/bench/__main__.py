"""`python -m tests.bench [NAME…] [--json FILE]`: the figures of one run, goal beside figure."""

import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
# As pytest has it: `bench` beside `world`, and the application.
sys.path[:0] = [str(_TESTS), str(_TESTS.parent / "backend")]

from bench.run import main  # noqa: E402

if __name__ == "__main__":
    main()
