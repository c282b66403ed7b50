"""The rule book is for anyone; what changes when is of the own access, and everybody meets their own."""

from access.expected import LIST, OPEN, Expected

EXPECTED = {
    ("GET", "/rules"): Expected("/rules", *OPEN),
    ("GET", "/access/changes"): Expected("/access/changes", *LIST),
}
