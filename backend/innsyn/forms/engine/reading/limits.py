"""How large a form may be: more than any real one has, and less than keeps a process busy."""

from typing import Final

BYTES: Final = 2 * 1024 * 1024
ITEMS: Final = 5_000
DEPTH: Final = 12
# In all, in one question, and of one text.
OPTIONS: Final = 20_000
OPTIONS_OF_ONE: Final = 5_000
TEXT: Final = 200_000
# Markdown takes 10 µs a sign at its worst: all of a form.
MARKDOWN: Final = 60_000
LINK_ID: Final = 255
# FHIRPath takes 50 µs a token to parse, and five times that in a long chain: one expression, and all of a form. The
# longest in the forms we have seen has 143, the form with most has 2,000.
TOKENS_OF_ONE: Final = 300
TOKENS: Final = 5_000
# A decimal of FHIR has at most 18 digits that mean something.
DIGITS: Final = 30
REGEX: Final = 1_000
REGEXES: Final = 300
# Of all its expressions when it is tried: half of what a page may take, for real answers are more than what is tried.
STEPS: Final = 300_000
