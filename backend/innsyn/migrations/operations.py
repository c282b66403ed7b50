"""What migration 0016 needs beyond tables: who may read of gaps, and of one's own entries in quarantine."""

ROW_SECURITY = (
    "ALTER TABLE journal.gap ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE journal.gap FORCE ROW LEVEL SECURITY",
    "CREATE POLICY intake ON journal.gap TO innsyn_worker USING (true) WITH CHECK (true)",
    # About nobody: that a service's entries of some hours have not come is told to all who read that service.
    "CREATE POLICY freshness ON journal.gap FOR SELECT TO innsyn_web USING (true)",
    # That something of mine could not be read is mine to know: a parent or a helper is told of no kind that they may
    # not see, and of an entry that nobody could read the kind is no more than a claim.
    """
    CREATE POLICY own ON journal.quarantine FOR SELECT TO innsyn_web
    USING (person_id = (SELECT access.subject()) AND (SELECT access.own()))
    """,
)

GRANTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON journal.gap TO innsyn_worker",
    "GRANT SELECT (source, noticed_at, closed_at) ON journal.gap TO innsyn_web",
    # Whether a process fits the database that it has come to is a part of being ready.
    "GRANT SELECT ON public.alembic_version TO innsyn_web, innsyn_worker",
    # Neither which entry nor what it says.
    "GRANT SELECT (person_id, source, landed_at) ON journal.quarantine TO innsyn_web",
)
