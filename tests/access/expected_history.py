"""Who meets what of an entry's earlier versions: as the entry itself."""

from access.expected import ONE, Expected

EXPECTED = {
    ("GET", "/journal/{kind:str}/{entry_id:uuid}/versions"): Expected(
        "/journal/lab_results/{entry}/versions", *ONE
    ),
    ("GET", "/api/entries/{entry_id:uuid}/versions"): Expected("/api/entries/{entry}/versions", *ONE),
}
