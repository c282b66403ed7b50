"""The regex of an item: checked by RE2, which answers in linear time whatever it is given."""

import re
from functools import lru_cache
from typing import Final

import re2

from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.said import CORE, one, text_of
from innsyn.forms.engine.reading.source import SourceItem

# Of the program that RE2 makes: it stands for what making it costs, too.
_MEMORY: Final = 256 * 1024
_CALL: Final = re.compile(r"matches\('(.*)'\)", re.DOTALL)


def regex_of(item: SourceItem, reading: Reading) -> str:
    """Its regex, '' without one or with one that can not be used (then it is refused)."""
    said = text_of(one(item.extension, f"{CORE}regex"))
    if (call := _CALL.fullmatch(said)) is not None:
        reading.findings.warn("regex_unwrapped", item.link_id)
        said = call[1]
    if not said:
        return ""
    if len(said) > limits.REGEX:
        reading.findings.refuse("bad_regex", item.link_id, why=f"it is longer than {limits.REGEX} characters")
        return ""
    if fault := fault_of(said):
        reading.findings.refuse("bad_regex", item.link_id, why=fault)
        return ""
    return said


@lru_cache(maxsize=1_024)
def fault_of(regex: str) -> str:
    """'' where RE2 takes it, else what it says."""
    try:
        re2.compile(regex, _options())
    except re2.error as fault:
        said = fault.args[0] if fault.args else ""
        return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return ""


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options
