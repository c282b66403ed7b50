"""Who meets what of the sealed log."""

from access.expected import LIST, Expected

EXPECTED = {("GET", "/access/log/proof"): Expected("/access/log/proof", *LIST)}
