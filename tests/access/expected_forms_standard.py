"""Which forms can be filled in is for anyone to read."""

from access.expected import OPEN, Expected

EXPECTED = {("GET", "/forms/standard"): Expected("/forms/standard", *OPEN)}
