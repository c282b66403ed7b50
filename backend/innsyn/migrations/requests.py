"""What the migration of requests needs beyond tables: the door of the outbox, row-level security and grants."""

FUNCTIONS = (
    # The web may not write in the outbox by itself: whose journal and who writes are those of the act.
    """
    CREATE FUNCTION journal.put_in_outbox(
        p_person uuid, p_author uuid, p_conversation uuid, p_type text, p_resource bytea, p_key uuid
    )
    RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        found_id uuid;
    BEGIN
        IF p_person IS DISTINCT FROM access.subject() OR p_author IS DISTINCT FROM access.actor() THEN
            RAISE insufficient_privilege USING MESSAGE = 'not the subject and the author of this act';
        END IF;
        -- Two at once would get the same number, and the same key twice would be two rows.
        PERFORM pg_advisory_xact_lock(hashtextextended('journal.outbox' || p_person::text, 0));
        SELECT o.outbox_id INTO found_id FROM journal.outbox o
        WHERE o.person_id = p_person AND o.author_id = p_author AND o.key = p_key;
        IF found_id IS NULL THEN
            INSERT INTO journal.outbox (person_id, author_id, conversation, number, resource_type, resource, key)
            VALUES (
                p_person, p_author, p_conversation,
                (
                    SELECT coalesce(max(o.number), 0) + 1 FROM journal.outbox o
                    WHERE o.person_id = p_person AND o.conversation = p_conversation
                ),
                p_type, p_resource, p_key
            )
            RETURNING outbox_id INTO found_id;
        END IF;
        RETURN found_id;
    END
    $$
    """,
)

_OWN = "person_id = (SELECT access.subject()) AND (SELECT access.own())"
_OWN_TABLES = ("release_wish", "shown_now", "wish_due", "request")

ROW_SECURITY = (
    "ALTER TABLE journal.outbox ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE journal.outbox FORCE ROW LEVEL SECURITY",
    "CREATE POLICY put_by_an_act ON journal.outbox TO innsyn_owner USING (true) WITH CHECK (true)",
    "CREATE POLICY delivery ON journal.outbox TO innsyn_worker USING (true) WITH CHECK (true)",
    """
    CREATE POLICY own_or_written ON journal.outbox FOR SELECT TO innsyn_web
    USING (person_id = (SELECT access.subject())
           AND ((SELECT access.own()) OR author_id = (SELECT access.actor())))
    """,
    *(
        statement
        for table in _OWN_TABLES
        for statement in (
            f"ALTER TABLE access.{table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE access.{table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY own ON access.{table} TO innsyn_web USING ({_OWN}) WITH CHECK ({_OWN})",
            f"CREATE POLICY applied ON access.{table} TO innsyn_worker USING (true) WITH CHECK (true)",
        )
    ),
    # A part that comes later is hidden with its whole.
    "CREATE POLICY kept ON access.hidden TO innsyn_worker USING (true) WITH CHECK (true)",
    "ALTER TABLE record.own_wait ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE record.own_wait FORCE ROW LEVEL SECURITY",
    "CREATE POLICY projection ON record.own_wait TO innsyn_worker USING (true) WITH CHECK (true)",
)

GRANTS = (
    """
    REVOKE EXECUTE ON FUNCTION journal.put_in_outbox(uuid, uuid, uuid, text, bytea, uuid) FROM PUBLIC
    """,
    "GRANT EXECUTE ON FUNCTION journal.put_in_outbox(uuid, uuid, uuid, text, bytea, uuid) TO innsyn_web",
    "GRANT SELECT ON journal.outbox TO innsyn_web",
    "GRANT SELECT, UPDATE ON journal.outbox TO innsyn_worker",
    "GRANT SELECT, INSERT, UPDATE ON access.release_wish, access.wish_due TO innsyn_web",
    "GRANT SELECT, INSERT, UPDATE (at) ON access.shown_now TO innsyn_web",
    # What the journal has said of a request, it says itself: the web only asks, and asks to be let off.
    """
    GRANT SELECT, INSERT (person_id, request_id, what, target, entry_id, asked_by), UPDATE (withdrawn_at)
    ON access.request TO innsyn_web
    """,
    "GRANT SELECT ON access.release_wish, access.shown_now, access.request TO innsyn_worker",
    "GRANT SELECT, DELETE ON access.wish_due TO innsyn_worker",
    "GRANT SELECT, INSERT, UPDATE ON access.hidden TO innsyn_worker",
    "GRANT UPDATE (outcome, answered_at) ON access.request TO innsyn_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON record.own_wait TO innsyn_worker",
)
