"""What one may do in a record beyond seeing it. Levels with names (HelsaMi's four) are presets over these."""

from enum import IntFlag


class Capability(IntFlag):
    """One bit for each thing. On the own record everybody has all of them."""

    SEE = 1
    MESSAGE = 2
    BOOK = 4
    FORMS = 8
    MANAGE = 16


EVERYTHING = Capability.SEE | Capability.MESSAGE | Capability.BOOK | Capability.FORMS | Capability.MANAGE
