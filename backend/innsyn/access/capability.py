"""What one may do in a record beyond seeing it. Levels with names (HelsaMi's four) are presets over these."""

from enum import IntFlag
from typing import Final


class Capability(IntFlag):
    """One bit for each thing. On the own record everybody has all of them."""

    SEE = 1
    MESSAGE = 2
    BOOK = 4
    FORMS = 8
    MANAGE = 16
    # To answer the forms that a permit names, and no others (decisions/0032). Whoever has FORMS may answer those too.
    ONE_FORM = 32


# The rule by which those are answered. Who has no other permit in a record opens nothing else in it.
ONE_FORM_RULE: Final = "fullmakt.form"


EVERYTHING = Capability.SEE | Capability.MESSAGE | Capability.BOOK | Capability.FORMS | Capability.MANAGE
