"""What migration 0012 does for what waits: the content of an entry that is not released is nothing to the web's role.

Row security decides about rows, and of a placeholder the row is seen. So the web reads entries from a view that shows
what is in them when they are released, and may read no such column of the table. The view filters nothing: which rows,
the policy of the table says, and a plain view is planned as the table itself is (tests/access/test_withheld.py).
"""

_MASKED = ("line", "detail", "words")
_OTHERS = (
    *(
        "person_id",
        "entry_id",
        "kind",
        "source",
        "version",
        "occurred_at",
        "recorded_at",
        "landed_at",
        "code",
    ),
    *("status", "audience", "release_at", "own_audience", "own_release_at", "panel_id", "stub"),
)
_COLUMNS = ", ".join(
    (*_OTHERS, *(f"CASE WHEN release_at <= now() THEN {name} END AS {name}" for name in _MASKED))
)

SHOWN = (
    "CREATE SCHEMA shown",
    f"CREATE VIEW shown.entry AS SELECT {_COLUMNS} FROM record.entry",  # noqa: S608 - the names above
    # A view looks with the eyes of its owner, who is under the same policy: whose record is open, the context tells.
    "ALTER POLICY opened_record ON record.entry TO innsyn_web, innsyn_owner",
    "GRANT USAGE ON SCHEMA shown TO innsyn_web",
    "GRANT SELECT ON shown.entry TO innsyn_web",
    "REVOKE SELECT ON record.entry FROM innsyn_web",
    f"GRANT SELECT ({', '.join(_OTHERS)}) ON record.entry TO innsyn_web",
)
