"""What migration 0004 needs beyond tables: what changes when for a person, row security, grants."""

# A Patient that is nobody is found by no join on the person, and whoever else asks for it is of the same release.
NOBODY = """
-- squawk-ignore ban-drop-not-null
ALTER TABLE identity.patient ALTER COLUMN person_id DROP NOT NULL
"""

FUNCTIONS = (
    # Every permit that the person who is here gives or uses, now or later, with whom it is about. Of somebody with a
    # secret address nothing is told: neither side represents the other.
    """
    CREATE FUNCTION access.permits_ahead()
    RETURNS TABLE (
        theirs boolean, other_id uuid, name text, given_name text, audience integer, capabilities integer,
        kinds text[], valid_from timestamptz, valid_until timestamptz, rule text, book text, origin text
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT p.subject_id <> me.person_id, o.person_id, o.name, o.given_name, p.audience, p.capabilities,
            p.kinds, p.valid_from, p.valid_until, p.rule, p.book, p.origin
        FROM identity.person me
        JOIN access.permit p ON p.actor_id = me.person_id OR p.subject_id = me.person_id
        JOIN identity.person o
            ON o.person_id = CASE WHEN p.actor_id = me.person_id THEN p.subject_id ELSE p.actor_id END
        WHERE me.person_id = access.actor() AND access.own()
          AND p.origin <> 'preview' AND p.valid_until > now()
          AND (o.person_id = me.person_id OR NOT (me.secret OR o.secret OR o.deceased))
        ORDER BY p.valid_from, o.person_id, p.permit_id
    $$
    """,
)

ROW_SECURITY = (
    "ALTER TABLE access.relation ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access.relation FORCE ROW LEVEL SECURITY",
    "CREATE POLICY intake ON access.relation TO innsyn_worker USING (true) WITH CHECK (true)",
)

GRANTS = (
    "REVOKE EXECUTE ON FUNCTION access.permits_ahead() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION access.permits_ahead() TO innsyn_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON access.relation TO innsyn_worker",
)
