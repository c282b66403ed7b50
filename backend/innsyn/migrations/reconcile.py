"""What the migration of exports and subscriptions needs beyond tables."""

# Addresses and times of machines, and names of resources: as in the raw landing, which only the worker reads.
GRANTS = (
    """
    GRANT SELECT, INSERT, UPDATE, DELETE ON journal.export, journal.subscription, journal.compared TO innsyn_worker
    """,
)
