"""What the migration of delivery needs beyond columns: a door that calls the worker, and what the web may read."""

FUNCTIONS = (
    # As before, and whoever delivers is told that there is something: not whose, nor what.
    """
    CREATE OR REPLACE FUNCTION journal.put_in_outbox(
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
            PERFORM pg_notify('innsyn_outbox', '');
        END IF;
        RETURN found_id;
    END
    $$
    """,
)

ROW_SECURITY = (
    "ALTER TABLE access.reply ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access.reply FORCE ROW LEVEL SECURITY",
    # As the questions themselves: a look-up is the business of whom it is about.
    """
    CREATE POLICY own ON access.reply FOR SELECT TO innsyn_web
    USING (person_id = (SELECT access.subject()) AND (SELECT access.own()))
    """,
    "CREATE POLICY intake ON access.reply TO innsyn_worker USING (true) WITH CHECK (true)",
)

GRANTS = (
    "GRANT SELECT ON access.reply TO innsyn_web",
    "GRANT SELECT, INSERT, UPDATE ON access.reply TO innsyn_worker",
    # What the journal answered is the operator's to read, and who tries when is nobody's on a page.
    "REVOKE SELECT ON journal.outbox FROM innsyn_web",
    """
    GRANT SELECT (
        person_id, outbox_id, author_id, conversation, number, resource_type, state, queued_at, sent_at, answered_at,
        unsure, given_up_at
    ) ON journal.outbox TO innsyn_web
    """,
)
