"""What migration 0007 needs beyond its table: who may see a look-up, and what those are called who have read."""

ROW_SECURITY = (
    "ALTER TABLE access.lookup ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access.lookup FORCE ROW LEVEL SECURITY",
    "CREATE POLICY intake ON access.lookup TO innsyn_worker USING (true) WITH CHECK (true)",
    # The log is for the person alone: whoever acts for them is themselves in it.
    """
    CREATE POLICY own_log ON access.lookup FOR SELECT TO innsyn_web
    USING (person_id = (SELECT access.subject()) AND (SELECT access.own()))
    """,
    """
    CREATE POLICY names_of_readers ON access.log FOR SELECT TO innsyn_owner
    USING (subject_id = (SELECT access.subject()) AND (SELECT access.own()))
    """,
)

FUNCTIONS = (
    # The web may not read identity.person. It is told the names of those who have been in the opened record, and only
    # where that is the own one.
    """
    CREATE FUNCTION access.names_in_log() RETURNS TABLE (actor_id uuid, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        -- (SELECT …): once per statement instead of once per row of the log.
        SELECT p.person_id, p.name FROM identity.person p
        WHERE (SELECT access.own()) AND p.person_id IN (
            SELECT l.actor_id FROM access.log l
            WHERE l.subject_id = (SELECT access.subject()) AND l.actor_id <> (SELECT access.subject())
        )
    $$
    """,
)

GRANTS = (
    "REVOKE EXECUTE ON FUNCTION access.names_in_log() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION access.names_in_log() TO innsyn_web",
    "GRANT SELECT ON access.lookup TO innsyn_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON access.lookup TO innsyn_worker",
)
