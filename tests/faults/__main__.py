"""`python -m tests.faults [simulation|killing|partitions|disk|clock|forms] [--seed N]`: every trouble at its full size.

Each run prints its seed: with it, it is the same run again. Ends with 1 if anything was lost, doubled or wrong, or if a
planted fault was not found.
"""

import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
# As pytest has it: `faults` beside `world`, and the application.
sys.path[:0] = [str(_TESTS), str(_TESTS.parent / "backend"), str(_TESTS.parent)]

from faults.full import main  # noqa: E402

if __name__ == "__main__":
    main()
