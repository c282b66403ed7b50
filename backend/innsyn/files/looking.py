"""A file is looked into in a process of its own, that may take so much time and memory and knows no secret.

The libraries that read pictures and documents cannot be interrupted, and a file of some hundred kilobytes can keep them
busy for minutes. `python -m innsyn.files.looking MOST` reads the file from stdin and writes what is kept of it.
"""

import asyncio
import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from innsyn.files.checking import MEDIA_TYPES, Checked, Refused, check
from innsyn.files.rules import MOST_BYTES

_SECONDS: Final = 10
_MEMORY: Final = 1024 * 1024 * 1024
# A busy machine is slower than a processor's own time tells.
_PATIENCE: Final = 30
# Two at a time: others wait, and the sum of what they take is bounded.
_LOOKING: Final = ThreadPoolExecutor(2, thread_name_prefix="file")
_log = structlog.get_logger()


async def looked_into(body: bytes, most: int = MOST_BYTES) -> Checked | Refused:
    """What `check` says of these bytes; what takes too long, or more memory than there is for it, is too_complex."""
    return await asyncio.get_running_loop().run_in_executor(_LOOKING, _look, body, most)


def _look(body: bytes, most: int) -> Checked | Refused:
    command = [sys.executable, "-m", "innsyn.files.looking", str(most)]
    # Nothing of the environment: addresses of databases stand in it.
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LANG": "C.UTF-8"}
    try:
        told = subprocess.run(  # noqa: S603 - our own module, and what was sent is only its input
            command, input=body, capture_output=True, timeout=_PATIENCE, check=True, env=environment
        ).stdout
    except subprocess.SubprocessError as failure:
        _log.warning("file_not_looked_into", error=type(failure).__name__, size=len(body))
        return Refused("too_complex")
    first, _, rest = told.partition(b"\n")
    word = first.decode("ascii")
    return Checked(word, rest) if word in MEDIA_TYPES else Refused(word)  # type: ignore[arg-type]


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = check(sys.stdin.buffer.read(), int(sys.argv[1]))
    except MemoryError:
        found = Refused("too_complex")
    word = found.media_type if isinstance(found, Checked) else found.reason
    sys.stdout.buffer.write(word.encode("ascii") + b"\n")
    if isinstance(found, Checked):
        sys.stdout.buffer.write(found.body)


if __name__ == "__main__":
    _main()
