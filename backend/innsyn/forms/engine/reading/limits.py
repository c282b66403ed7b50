"""How large a form may be: more than any real one has, and less than keeps a process busy."""

from typing import Final

BYTES: Final = 2 * 1024 * 1024
ITEMS: Final = 5_000
DEPTH: Final = 12
# In all, in one question, and of one text.
OPTIONS: Final = 20_000
OPTIONS_OF_ONE: Final = 5_000
TEXT: Final = 200_000
LINK_ID: Final = 255
# FHIRPath takes about 50 µs a token to parse: one expression, and all different ones together.
EXPRESSION: Final = 2_000
TOKENS: Final = 15_000
# A decimal of FHIR has at most 18 digits that mean something.
DIGITS: Final = 30
REGEX: Final = 1_000
