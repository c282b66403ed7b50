"""What somebody types in the search field, as a question to PostgreSQL's text search."""

import re

_WORD = re.compile(r"\w+", re.UNICODE)
_MOST_WORDS = 8
_LONGEST_WORD = 60


def as_tsquery(typed: str) -> str:
    """Every word must be found, each as the beginning of a word: `blodtr prøve` → `blodtr:* & prøve:*`; '' for none.

    Only letters and digits are let through, so that nothing typed is an operator.
    """
    return " & ".join(f"{word}:*" for word in words_in(typed))


def words_in(typed: str) -> list[str]:
    """The words somebody typed, in small letters."""
    words = _WORD.findall(typed.replace("_", " "))[:_MOST_WORDS]
    return [word[:_LONGEST_WORD].lower() for word in words]
