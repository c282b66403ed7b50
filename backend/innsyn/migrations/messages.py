"""What the migration of messages needs beyond tables: who sees and writes what, and how threads are gathered.

Every table of messages that is about a person asks this beside whose row it is:

    person_id = (SELECT access.subject()) AND (SELECT message.may_read())

and what is written there, whether it is an act of writing messages: `access.acts(2, false, 'messages.%')`. A thread
about an entry is for whoever may see that entry, since it quotes it; and the messages of a thread for whoever sees the
thread. What is said to a unit that is for the person alone is for nobody who acts for them.
"""

_SUBJECT = "person_id = (SELECT access.subject())"
_READS = f"{_SUBJECT} AND (SELECT message.may_read())"
_ACT = "(SELECT access.acts(2, false, 'messages.%'))"
_SENDS = "(SELECT access.acts(2, false, 'messages.send'))"
# In a preview the actor is the subject, and not as such: it shows what a helper would see, and that is no draft.
_MINE = f"""
    {_SUBJECT} AND author_id = (SELECT access.actor())
    AND (author_id <> person_id OR (SELECT access.own())) AND (SELECT message.may_read())
"""
_OPEN = "message.opens(unit_id, about_entry)"


def _sees(table: str, of: str, column: str) -> str:
    # Whoever asks sees what row-level security of that table shows them, and nothing beyond.
    return f"""EXISTS (SELECT FROM message.{of} t
        WHERE t.person_id = {table}.person_id AND t.{column} = {table}.{column})"""


SCHEMA = (
    "CREATE SCHEMA IF NOT EXISTS message",
    "GRANT USAGE ON SCHEMA message TO innsyn_web, innsyn_worker",
)

FUNCTIONS = (
    # Whether whoever has opened this record may see its messages: the person, or somebody whose permit in force says
    # so. In a preview the actor is the subject, and sees what the permit that is previewed would show. False where no
    # record is open.
    """
    CREATE FUNCTION message.may_read() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT access.own() OR EXISTS (
            SELECT FROM access.permit p
            WHERE p.subject_id = access.subject() AND p.actor_id = access.actor()
              AND p.valid_from <= clock_timestamp() AND p.valid_until > clock_timestamp()
              AND p.audience <> 0 AND p.capabilities & 2 = 2
              AND (p.subject_id <> p.actor_id OR p.origin = 'preview'))
    $$
    """,
    # Whether whoever asks sees this entry. By its name and not by its table: a replay puts another one in its place.
    """
    CREATE FUNCTION message.shows(p_entry uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN EXISTS (
            SELECT FROM record.entry e WHERE e.person_id = access.subject() AND e.entry_id = p_entry);
    END
    $$
    """,
    # Whether a thread with this unit, about this entry, is for whoever asks. What is only for the person (the school
    # nurse's) is for nobody who acts for them, and what quotes an entry only for those who may see that. Of a unit that
    # has not come yet nobody knows whom it is for.
    """
    CREATE FUNCTION message.opens(p_unit uuid, p_entry uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN access.own() OR (p_entry IS NULL OR message.shows(p_entry)) AND (p_unit IS NULL OR EXISTS (
            SELECT FROM message.unit u WHERE u.unit_id = p_unit AND u.may_write <> 'self_only'));
    END
    $$
    """,
    # Whether anybody who has written in this thread of the opened record, or was handed it, is there for the person
    # alone; or has not come yet, so that nobody knows.
    """
    CREATE FUNCTION message.is_for_one_alone(p_thread uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM message.message m
            WHERE m.person_id = access.subject() AND m.thread_id = p_thread AND m.unit_id IS NOT NULL
              AND NOT EXISTS (
                  SELECT FROM message.unit u WHERE u.unit_id = m.unit_id AND u.may_write <> 'self_only')
        ) OR EXISTS (
            SELECT FROM (
                SELECT m.feed, m.handed_to_ref FROM message.message m
                WHERE m.person_id = access.subject() AND m.thread_id = p_thread
                UNION
                SELECT o.feed, o.handed_to_ref FROM message.told o
                WHERE o.person_id = access.subject() AND o.thread_id = p_thread
            ) h
            WHERE starts_with(h.handed_to_ref, 'HealthcareService/') AND NOT EXISTS (
                SELECT FROM message.unit u
                WHERE u.feed = h.feed AND 'HealthcareService/' || u.id = h.handed_to_ref AND u.may_write <> 'self_only')
        )
    $$
    """,
    # Whether there is no thread of this name in the opened record, also none that the reader does not see.
    """
    CREATE FUNCTION message.is_new(p_thread uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT NOT EXISTS (
            SELECT FROM message.thread t WHERE t.person_id = access.subject() AND t.thread_id = p_thread)
    $$
    """,
    # How far what was written here has come, of all that is not back from the journal: a helper sees no outbox but the
    # own. Whoever joins this with messages gets those of the threads that they see.
    """
    CREATE FUNCTION message.leaving()
    RETURNS TABLE (
        message_id uuid, thread_id uuid, state text, queued_at timestamptz, answered_at timestamptz, unsure boolean
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT m.message_id, m.thread_id, o.state, o.queued_at, o.answered_at, o.unsure
        FROM message.message m
        JOIN journal.outbox o ON o.person_id = m.person_id AND o.author_id = m.author_id AND o.key = m.key
        WHERE m.person_id = access.subject() AND m.feed IS NULL AND message.may_read()
    $$
    """,
    # That whoever reads this record has read this thread so far. It tells nobody but them, and so a reading may say it;
    # not a preview, which is nobody's reading.
    """
    CREATE FUNCTION message.have_seen(p_thread uuid, p_up_to timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        INSERT INTO message.seen AS s (person_id, reader_id, thread_id, up_to)
        SELECT t.person_id, access.actor(), t.thread_id, least(p_up_to, now())
        FROM message.thread t
        WHERE t.person_id = access.subject() AND t.thread_id = p_thread AND message.may_read()
          AND (t.person_id <> access.actor() OR access.own())
        ON CONFLICT (person_id, reader_id, thread_id) DO UPDATE SET up_to = excluded.up_to
        WHERE s.up_to < excluded.up_to
    $$
    """,
)

LISTENING = (
    # As access.still_open (migrations/sessions.py), and whose messages may be read here: whoever may not read them does
    # not hear either that there is something new.
    """
    CREATE FUNCTION access.still_listening(
        p_token bytea, p_handle text,
        OUT person_id uuid, OUT mark text, OUT idle_left double precision, OUT whole_left double precision,
        OUT access_left double precision, OUT news_of uuid
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
        may record;
    BEGIN
        SELECT o.person_id, o.mark, o.idle_left, o.whole_left, o.access_left
        INTO person_id, mark, idle_left, whole_left, access_left
        FROM access.still_open(p_token, p_handle) o;
        IF person_id IS NULL THEN
            RETURN;
        END IF;
        SELECT s.handle_key, s.ready, p.own_permits INTO here
        FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
        WHERE s.token_hash = sha256(p_token);
        IF here.ready AND p_handle IS NULL AND NOT here.own_permits THEN
            news_of := person_id;
        ELSIF here.ready THEN
            may := access.admitted(person_id, here.handle_key, p_handle);
            IF may.capabilities & 2 = 2 THEN
                news_of := may.subject_id;
            END IF;
        END IF;
    END
    $$
    """,
    "REVOKE EXECUTE ON FUNCTION access.still_listening(bytea, text) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION access.still_listening(bytea, text) TO innsyn_web",
)

_PERSONS = ("message", "message_before", "told", "thread", "draft", "attachment", "seen")
_NOBODY = ("unit", "reply_time")

ROW_SECURITY = (
    *(
        f"ALTER TABLE message.{table} {verb} ROW LEVEL SECURITY"
        for table in (*_PERSONS, *_NOBODY)
        for verb in ("ENABLE", "FORCE")
    ),
    *(
        f"CREATE POLICY feed ON message.{table} TO innsyn_worker USING (true) WITH CHECK (true)"
        for table in (*_PERSONS, *_NOBODY)
        if table != "draft"
    ),
    *(
        f"CREATE POLICY published ON message.{table} FOR SELECT TO innsyn_web USING (true)"
        for table in _NOBODY
    ),
    *(
        f"CREATE POLICY functions ON message.{table} TO innsyn_owner USING (true) WITH CHECK (true)"
        for table in ("message", "told", "thread", "seen", "unit")
    ),
    f"""
    CREATE POLICY opened_record ON message.thread FOR SELECT TO innsyn_web
    USING ({_READS} AND {_OPEN} AND ((SELECT access.own()) OR NOT message.is_for_one_alone(thread_id)))
    """,
    *(
        f"CREATE POLICY opened_record ON message.{table} FOR SELECT TO innsyn_web "
        f"USING ({_READS} AND {_sees(table, of, column)})"
        for table, of, column in (
            ("message", "thread", "thread_id"),
            ("told", "thread", "thread_id"),
            ("message_before", "message", "message_id"),
            ("attachment", "message", "message_id"),
        )
    ),
    # What is written here: by whoever acts, as the citizen's side, in a thread that they see or begin.
    f"""
    CREATE POLICY written ON message.message FOR INSERT TO innsyn_web
    WITH CHECK ({_MINE} AND {_SENDS} AND side = 'citizen' AND feed IS NULL AND version = 1 AND NOT is_recalled
        AND handed_to = '' AND {_OPEN}
        AND (message.is_new(thread_id) OR {_sees("message", "thread", "thread_id")}))
    """,
    # What the citizen says of a thread: that it is solved.
    f"""
    CREATE POLICY said ON message.told FOR INSERT TO innsyn_web
    WITH CHECK ({_READS} AND {_ACT} AND standing = 'closed' AND feed IS NULL AND handed_to = ''
        AND {_sees("told", "thread", "thread_id")})
    """,
    f"CREATE POLICY authors ON message.draft TO innsyn_web USING ({_MINE}) WITH CHECK ({_MINE})",
    f"CREATE POLICY authors ON message.attachment FOR SELECT TO innsyn_web USING ({_MINE} AND draft_id IS NOT NULL)",
    f"""
    CREATE POLICY added ON message.attachment FOR INSERT TO innsyn_web
    WITH CHECK ({_MINE} AND {_ACT} AND {_sees("attachment", "draft", "draft_id")})
    """,
    # A draft's files become the message's.
    f"""
    CREATE POLICY sent ON message.attachment FOR UPDATE TO innsyn_web
    USING ({_MINE} AND {_SENDS} AND {_sees("attachment", "draft", "draft_id")})
    WITH CHECK ({_MINE} AND {_SENDS} AND {_sees("attachment", "message", "message_id")})
    """,
    f"""
    CREATE POLICY removed ON message.attachment FOR DELETE TO innsyn_web
    USING ({_MINE} AND {_ACT} AND {_sees("attachment", "draft", "draft_id")})
    """,
    f"""
    CREATE POLICY own ON message.seen FOR SELECT TO innsyn_web
    USING ({_READS} AND reader_id = (SELECT access.actor()))
    """,
    *(
        f"CREATE POLICY by_an_act_{command.lower()} ON message.draft AS RESTRICTIVE FOR {command} TO innsyn_web "
        f"{'WITH CHECK' if command == 'INSERT' else 'USING'} ({_ACT})"
        for command in ("INSERT", "UPDATE", "DELETE")
    ),
)

_ASKED = """
    message.may_read(), message.shows(uuid), message.opens(uuid, uuid), message.is_new(uuid), message.leaving(),
    message.have_seen(uuid, timestamptz), message.is_for_one_alone(uuid)
"""
GRANTS = (
    f"REVOKE EXECUTE ON FUNCTION {_ASKED} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_ASKED} TO innsyn_web",
    *(f"GRANT SELECT ON message.{table} TO innsyn_web" for table in (*_PERSONS, *_NOBODY)),
    # What it came with is not for whoever writes to say.
    """
    GRANT INSERT (
        person_id, message_id, thread_id, sent_at, side, author_id, author, unit_id, unit_ref, unit, kind, topic,
        about_kind, about_id, about_entry, text, answers, key
    ) ON message.message TO innsyn_web
    """,
    "GRANT INSERT (person_id, told_id, thread_id, standing, at) ON message.told TO innsyn_web",
    """
    GRANT INSERT, DELETE,
        UPDATE (unit_id, kind, topic, text, quote, revision, saved_at, key) ON message.draft TO innsyn_web
    """,
    "GRANT INSERT, DELETE, UPDATE (message_id, draft_id, number) ON message.attachment TO innsyn_web",
    *(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON message.{table} TO innsyn_worker"
        for table in ("unit", "message", "message_before", "told", "attachment", "reply_time")
    ),
    "GRANT SELECT ON message.thread TO innsyn_worker",
    "GRANT SELECT, UPDATE ON message.seen TO innsyn_worker",
)
