"""What the migration of what is not kept needs beyond a column: the door of the outbox that says so."""

_SIGNATURE = "journal.put_in_outbox(uuid, uuid, uuid, text, bytea, uuid, boolean)"

FUNCTIONS = (
    # As before, and it may be said that nothing of it stays here once it is received.
    """
    CREATE FUNCTION journal.put_in_outbox(
        p_person uuid, p_author uuid, p_conversation uuid, p_type text, p_resource bytea, p_key uuid,
        p_keep boolean
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
            INSERT INTO journal.outbox
                (person_id, author_id, conversation, number, resource_type, resource, key, keep)
            VALUES (
                p_person, p_author, p_conversation,
                (
                    SELECT coalesce(max(o.number), 0) + 1 FROM journal.outbox o
                    WHERE o.person_id = p_person AND o.conversation = p_conversation
                ),
                p_type, p_resource, p_key, p_keep
            )
            RETURNING outbox_id INTO found_id;
            PERFORM pg_notify('innsyn_outbox', '');
        END IF;
        RETURN found_id;
    END
    $$
    """,
    # A web process from before this migration goes on putting things here.
    """
    CREATE OR REPLACE FUNCTION journal.put_in_outbox(
        p_person uuid, p_author uuid, p_conversation uuid, p_type text, p_resource bytea, p_key uuid
    )
    RETURNS uuid
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT journal.put_in_outbox(p_person, p_author, p_conversation, p_type, p_resource, p_key, true)
    $$
    """,
    # Whoever takes it for received, by whichever way, cannot forget to empty it.
    """
    CREATE FUNCTION journal.keep_nothing() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        NEW.resource := '';
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_nothing BEFORE UPDATE ON journal.outbox
    FOR EACH ROW WHEN (NEW.state = 'received' AND NOT NEW.keep) EXECUTE FUNCTION journal.keep_nothing()
    """,
)

GRANTS = (
    f"REVOKE EXECUTE ON FUNCTION {_SIGNATURE}, journal.keep_nothing() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_SIGNATURE} TO innsyn_web",
)
