"""What the migration of history needs beyond tables: when somebody last looked, row-level security and grants."""

LOOKING = (
    # As before, but `new_since` is of this reader and this record, and moves only where what is new is shown.
    """
    CREATE OR REPLACE FUNCTION access.begin_access(
        p_token bytea, p_handle text, p_purpose text, p_entry uuid,
        OUT session_id uuid, OUT actor_id uuid, OUT subject_id uuid, OUT name text, OUT given_name text,
        OUT locale text, OUT subject_name text, OUT subject_given text, OUT audience integer,
        OUT capabilities integer, OUT kinds text[], OUT hidden uuid[], OUT rule text, OUT handle text,
        OUT new_since timestamptz, OUT at timestamptz, OUT expires_at timestamptz, OUT idle_limit interval
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
        admitted record;
        last record;
        goes_on boolean;
    BEGIN
        SELECT s.session_id, s.person_id, s.last_used_at, s.expires_at, s.idle_limit, s.handle_key,
            s.ready, p.name, p.given_name, p.locale, p.own_permits
        INTO here
        FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
        -- p_token is the hash of the cookie (migrations/acts.py); the version before gives the cookie itself.
        WHERE s.token_hash = ANY (ARRAY[p_token, sha256(p_token)]) AND s.ended_at IS NULL
          AND s.expires_at > now() AND s.last_used_at + s.idle_limit > now();
        IF NOT FOUND THEN
            RETURN;
        END IF;
        -- Once a minute is enough: a write for every page would cost more than the page. The idle limit is then
        -- reached up to a minute early, never late.
        IF here.last_used_at < now() - interval '1 minute' THEN
            UPDATE identity.session s SET last_used_at = now() WHERE s.session_id = here.session_id;
        END IF;
        session_id := here.session_id;
        actor_id := here.person_id;
        name := here.name;
        given_name := here.given_name;
        locale := here.locale;
        at := now();
        expires_at := here.expires_at;
        idle_limit := here.idle_limit;
        handle := coalesce(p_handle, '');
        hidden := '{}';
        -- No record is open then, so nothing is in the log of one.
        IF p_purpose LIKE 'sessions.%' AND access.only_logins(here.session_id, p_handle) THEN
            subject_id := here.person_id;
            subject_name := here.name;
            subject_given := here.given_name;
            audience := 0;
            capabilities := 0;
            kinds := '{}';
            rule := 'logins';
            PERFORM access.set_context(NULL, here.person_id, here.session_id, 0, false, '{}', '{}', '');
            RETURN;
        END IF;
        -- Who has not yet agreed to the terms is led to them, and to nothing else.
        IF NOT here.ready AND p_purpose NOT LIKE 'start%' THEN
            rule := 'terms';
            RETURN;
        END IF;
        IF p_handle IS NULL AND NOT here.own_permits THEN
            subject_id := here.person_id;
            subject_name := here.name;
            subject_given := here.given_name;
            audience := 1;
            capabilities := 31;
            rule := 'self';
        ELSE
            admitted := access.admitted(here.person_id, here.handle_key, p_handle);
            subject_id := admitted.subject_id;
            IF subject_id IS NULL THEN
                rule := admitted.denied_rule;
                IF admitted.denied_subject IS NOT NULL THEN
                    INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, entry_id, refused)
                    VALUES (admitted.denied_subject, here.person_id, here.session_id, admitted.denied_rule,
                        p_purpose, p_entry, true);
                END IF;
                RETURN;
            END IF;
            subject_name := admitted.name;
            subject_given := admitted.given_name;
            audience := admitted.audience;
            capabilities := admitted.capabilities;
            kinds := admitted.kinds;
            rule := admitted.rule;
            IF audience <> 1 THEN
                SELECT coalesce(array_agg(h.entry_id), '{}') INTO hidden FROM access.hidden h
                WHERE h.person_id = admitted.subject_id AND h.from_audience & admitted.audience <> 0;
            END IF;
        END IF;
        INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, entry_id)
        VALUES (subject_id, here.person_id, here.session_id, rule, p_purpose, p_entry);
        SELECT l.visit, l.looked_at, l.before INTO last FROM access.look l
        WHERE l.actor_id = here.person_id AND l.subject_id = begin_access.subject_id;
        -- The visit goes on when one logs in again in the same place (as in identity.meet_device).
        goes_on := coalesce(last.visit = here.handle_key AND last.looked_at > now() - interval '2 hours', false);
        -- What a batch under way had landed by then may not have been there to see: rather told twice than never. The
        -- end of a second, because a line tells its times in whole ones.
        new_since := CASE WHEN goes_on THEN last.before ELSE
            date_trunc('second', last.looked_at - interval '10 seconds') - interval '1 microsecond' END;
        -- Only where all that is new is shown has it been seen. Once a minute is enough, as for the use of a session.
        IF p_purpose IN ('overview', 'timeline.all.page') AND rule <> 'preview'
            AND NOT (goes_on AND last.looked_at > now() - interval '1 minute')
        THEN
            INSERT INTO access.look (actor_id, subject_id, visit, looked_at, before)
            VALUES (here.person_id, begin_access.subject_id, here.handle_key, now(), begin_access.new_since)
            ON CONFLICT ON CONSTRAINT pk_look
            DO UPDATE SET visit = excluded.visit, looked_at = excluded.looked_at, before = excluded.before;
        END IF;
        PERFORM access.set_context(subject_id, here.person_id, here.session_id, audience,
            subject_id = here.person_id AND rule <> 'preview', kinds, hidden, '');
    END
    $$
    """,
)

_ADMITTED = """
    person_id = (SELECT access.said())
    AND (
        (person_id = (SELECT access.whole()) AND audience & 1 <> 0)
        OR access.admits((SELECT access.opened()), person_id, audience, kind, occurred_at, entry_id)
    )
"""
# What may be seen of the entry today, and what this version says of itself. (What is selected from record.entry in a
# policy is under that table's own.)
_VERSION = f"""
    {_ADMITTED}
    AND release_at <= now()
    AND EXISTS (
        SELECT FROM record.entry e
        WHERE e.person_id = version.person_id AND e.entry_id = version.entry_id AND e.release_at <= now()
    )
"""
# As the entry itself was: also as a part that opens no earlier than the wholes that claim it.
_UNDER_OTHERS = """
    EXISTS (
        SELECT FROM record.claim c
        WHERE c.person_id = taken_back.person_id AND c.member_id = taken_back.entry_id AND NOT EXISTS (
            SELECT FROM record.entry e
            WHERE e.person_id = c.person_id AND e.entry_id = c.panel_id
              AND (e.release_at <= now() OR taken_back.stub IS NOT NULL)
        )
    )
"""
# As those wholes were that are gone themselves or claim it no longer. In doubt, as with wholes of wholes: not told.
_WAS_UNDER_OTHERS = """
    EXISTS (
        SELECT FROM record.claimed_before b
        WHERE b.person_id = taken_back.person_id AND b.member_id = taken_back.entry_id AND (
            b.release_at > now()
            OR (
                (b.person_id = (SELECT access.whole()) AND b.audience & 1 <> 0)
                OR access.admits((SELECT access.opened()), b.person_id, b.audience, taken_back.kind,
                    taken_back.occurred_at, b.member_id)
            ) IS NOT TRUE
            OR EXISTS (SELECT FROM record.claim c WHERE c.person_id = b.person_id AND c.member_id = b.panel_id)
            OR EXISTS (
                SELECT FROM record.claimed_before a WHERE a.person_id = b.person_id AND a.member_id = b.panel_id
            )
        )
    )
    OR EXISTS (
        SELECT FROM record.claim c
        JOIN record.claimed_before b ON b.person_id = c.person_id AND b.member_id = c.panel_id
        WHERE c.person_id = taken_back.person_id AND c.member_id = taken_back.entry_id
    )
    OR EXISTS (
        SELECT FROM record.claim c
        JOIN record.claim d ON d.person_id = c.person_id AND d.member_id = c.panel_id
        WHERE c.person_id = taken_back.person_id AND c.member_id = taken_back.entry_id AND (
            EXISTS (SELECT FROM record.claim e WHERE e.person_id = d.person_id AND e.member_id = d.panel_id)
            OR EXISTS (
                SELECT FROM record.claimed_before e WHERE e.person_id = d.person_id AND e.member_id = d.panel_id
            )
        )
    )
"""
_TAKEN_BACK = f"""
    {_ADMITTED}
    AND (release_at <= now() OR stub IS NOT NULL) AND NOT ({_UNDER_OTHERS}) AND NOT ({_WAS_UNDER_OTHERS})
"""

ROW_SECURITY = (
    *(
        f"ALTER TABLE {table} {verb} ROW LEVEL SECURITY"
        for table in ("record.version", "record.taken_back", "record.claimed_before", "access.look")
        for verb in ("ENABLE", "FORCE")
    ),
    f"CREATE POLICY opened_record ON record.version FOR SELECT TO innsyn_web USING ({_VERSION})",
    f"CREATE POLICY opened_record ON record.taken_back FOR SELECT TO innsyn_web USING ({_TAKEN_BACK})",
    """
    CREATE POLICY opened_record ON record.claimed_before FOR SELECT TO innsyn_web
    USING (person_id = (SELECT access.subject()))
    """,
    *(
        f"CREATE POLICY projection ON record.{table} TO innsyn_worker USING (true) WITH CHECK (true)"
        for table in ("version", "taken_back", "claimed_before")
    ),
    "CREATE POLICY opening ON access.look TO innsyn_owner USING (true) WITH CHECK (true)",
)

GRANTS = (
    "GRANT SELECT ON record.version, record.taken_back, record.claimed_before TO innsyn_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON record.version, record.taken_back, record.claimed_before TO innsyn_worker",
)

# Who has been here before is not new here now.
LOOKED_BEFORE = """
    INSERT INTO access.look (actor_id, subject_id, visit, looked_at)
    SELECT s.person_id, s.person_id, gen_random_uuid(), max(s.last_used_at) FROM identity.session s GROUP BY s.person_id
"""
