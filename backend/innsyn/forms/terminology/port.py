"""What a form asks of a terminology."""

from typing import Protocol

from innsyn.forms.engine.model import Option


class TerminologyFailed(Exception):
    """There is no answer now. The text is a short key for the operator and holds nothing of what was sought."""


class Terminology(Protocol):
    """Somewhere to ask for what a value set holds."""

    async def expand(self, url: str, words: str, count: int) -> list[Option]:
        """At most `count` options of the ValueSet `url` (canonical, `|version` allowed) that fit these words.

        '' gives the first ones. Raises TerminologyFailed: what was typed is then kept as it stands.
        """


class NoTerminology:
    """An installation without one."""

    async def expand(self, url: str, words: str, count: int) -> list[Option]:  # noqa: ARG002 - as every terminology
        """Raises TerminologyFailed."""
        raise TerminologyFailed("none")
