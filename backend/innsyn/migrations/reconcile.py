"""What the migration of exports and subscriptions needs beyond tables."""

_TABLES = ("export", "subscription", "compared")

ROW_SECURITY = tuple(
    statement
    for table in _TABLES
    for statement in (
        f"ALTER TABLE journal.{table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE journal.{table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY feed ON journal.{table} TO innsyn_worker USING (true) WITH CHECK (true)",
    )
)

# Addresses and times of machines, and names of resources: as in the raw landing, which only the worker reads.
GRANTS = (
    """
    GRANT SELECT, INSERT, UPDATE, DELETE ON journal.export, journal.subscription, journal.compared TO innsyn_worker
    """,
)
