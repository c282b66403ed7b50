"""The code of an invitation: ten characters that can be read aloud, the last of which tells a slip of the pen."""

import secrets
from typing import Final

# Nothing that is read as something else (0 and O, 1, I and L, 5 and S, U and V). Their number is a prime, so that the
# last character tells every wrong character and every two that have changed places.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRTVWXYZ"
LENGTH: Final = 10
_HALF: Final = LENGTH // 2


def new_code() -> str:
    """A code that nobody can guess: nine of them are random, 43 bits, good for five tries in seven days."""
    drawn = [secrets.randbelow(len(ALPHABET)) for _ in range(LENGTH - 1)]
    drawn.append(-_weighed(drawn) % len(ALPHABET))
    return "".join(ALPHABET[value] for value in drawn)


def shown(code: str) -> str:
    """As it is handed over: in two halves."""
    return f"{code[:_HALF]}-{code[_HALF:]}"


def read(typed: str) -> str | None:
    """The code that somebody has typed, with spaces and dashes as they like; None where it can be no code of ours."""
    code = "".join(character for character in typed.upper() if character.isalnum())
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return None
    values = [ALPHABET.index(character) for character in code]
    return None if (_weighed(values[:-1]) + values[-1]) % len(ALPHABET) else code


def words_of(name: str) -> list[str]:
    """A name as it is compared: its words, whatever their order, capitals and signs."""
    kept = "".join(character if character.isalnum() else " " for character in name.casefold())
    return sorted(set(kept.split()))


def _weighed(values: list[int]) -> int:
    """Each value by its place: the last character has the weight 1."""
    return sum((LENGTH - place) * value for place, value in enumerate(values))
