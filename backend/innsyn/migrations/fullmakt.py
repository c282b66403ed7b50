"""What migration 0005 needs beyond tables: the doors of a fullmakt, row-level security and grants.

The second lock. Nobody gets access but by these functions: a permit for a fullmakt is written from its row, and who the
receiver is comes from the claim alone. An injected statement in the giver's own session can give nothing to anybody who
has not used a code.
"""

FUNCTIONS = (
    # With the key of the contexts: whoever has the table alone cannot try codes against it.
    """
    CREATE FUNCTION access.hash_of_code(p_code text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        k bytea := (SELECT key FROM access.context_key);
    BEGIN
        RETURN encode(sha256(k || sha256(k || convert_to('fullmakt|' || p_code, 'UTF8'))), 'hex');
    END
    $$
    """,
    # One who has been invited uses the code. The answer is one: the fullmakt, or NULL for every reason there is. What
    # is done on the way is the same for all of them as well, so that the time tells nothing either.
    """
    CREATE FUNCTION access.claim_fullmakt(p_code text, p_words text[], p_lasts interval) RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        me uuid := access.actor();
        hashed text := access.hash_of_code(p_code);
        lately integer;
        claimed uuid;
    BEGIN
        IF me IS NULL OR NOT access.own() THEN
            RAISE insufficient_privilege USING MESSAGE = 'nobody is here';
        END IF;
        -- Tries at once are counted one by one.
        PERFORM pg_advisory_xact_lock(hashtextextended('access.claim' || me::text, 0));
        -- Older than any code that can be used.
        DELETE FROM access.claim_try t WHERE t.person_id = me AND t.at < now() - interval '7 days';
        -- Counted by what was typed, whether there is such a code or not.
        INSERT INTO access.claim_try (person_id, code_hash) VALUES (me, hashed);
        SELECT count(*) INTO lately FROM access.claim_try t
        WHERE t.person_id = me AND t.at > now() - interval '1 day';
        UPDATE access.fullmakt f
        SET state = 'claimed', reason = '', receiver_id = me, invited_until = now() + p_lasts,
            code_hash = NULL, giver_words = NULL
        WHERE f.code_hash = hashed AND lately <= 10 AND f.state = 'invited' AND f.invited_until > now()
          AND f.giver_id <> me AND p_words <@ f.giver_words AND cardinality(p_words) > 0
          AND cardinality(p_words) >= least(2, cardinality(f.giver_words))
          AND (SELECT count(*) FROM access.claim_try t WHERE t.code_hash = hashed) <= 5
          AND EXISTS (
              SELECT FROM identity.person g
              WHERE g.person_id = f.giver_id AND NOT g.secret AND NOT g.deceased
          )
        RETURNING f.fullmakt_id INTO claimed;
        IF claimed IS NOT NULL THEN
            PERFORM access.follow_fullmakt(claimed, 'invited');
        END IF;
        RETURN claimed;
    END
    $$
    """,
    """
    CREATE FUNCTION access.invite_by_code(p_fullmakt uuid, p_code text, p_words text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        UPDATE access.fullmakt f
        SET code_hash = access.hash_of_code(p_code), giver_words = p_words
        WHERE f.giver_id = access.actor() AND f.fullmakt_id = p_fullmakt AND access.own() AND f.state = 'invited';
        IF NOT FOUND THEN
            RAISE insufficient_privilege USING MESSAGE = 'no invitation of this giver';
        END IF;
    END
    $$
    """,
    # What follows from a move: the event, and the permit. Called by every command after it has changed the row.
    """
    CREATE FUNCTION access.follow_fullmakt(p_fullmakt uuid, p_from text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        me uuid := access.actor();
        f access.fullmakt;
    BEGIN
        SELECT * INTO f FROM access.fullmakt x
        WHERE x.fullmakt_id = p_fullmakt AND (x.giver_id = me OR x.receiver_id = me);
        IF NOT FOUND OR NOT access.own() THEN
            RAISE insufficient_privilege USING MESSAGE = 'no fullmakt of this person';
        END IF;
        INSERT INTO access.fullmakt_event
            (giver_id, fullmakt_id, actor_id, from_state, to_state, reason, level, capabilities, kinds, until)
        VALUES (f.giver_id, f.fullmakt_id, me, p_from, f.state, f.reason, f.level, f.capabilities, f.kinds, f.until);
        -- A preview shows what is given now, and nothing that was or will be.
        UPDATE access.permit p SET valid_until = least(p.valid_until, now())
        WHERE p.origin = 'preview' AND p.origin_id = f.fullmakt_id AND p.subject_id = f.giver_id;
        IF f.state = 'active' AND f.giver_id = me THEN
            UPDATE access.permit p
            SET capabilities = f.permit_capabilities, kinds = f.kinds, valid_until = f.permit_until
            WHERE p.origin = 'fullmakt' AND p.origin_id = f.fullmakt_id AND p.subject_id = f.giver_id;
            IF NOT FOUND THEN
                INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, kinds,
                    valid_from, valid_until, rule, book, origin, origin_id)
                VALUES (f.giver_id, f.receiver_id, f.giver_id, 16, f.permit_capabilities, f.kinds, now(),
                    f.permit_until, 'fullmakt', f.book, 'fullmakt', f.fullmakt_id);
            END IF;
        ELSIF f.state <> 'active' THEN
            UPDATE access.permit p SET valid_until = least(p.valid_until, now())
            WHERE p.origin = 'fullmakt' AND p.origin_id = f.fullmakt_id AND p.subject_id = f.giver_id;
        END IF;
    END
    $$
    """,
    # The receiver takes less than the giver gives. Nothing but less: whatever is asked for, no column grows.
    """
    CREATE FUNCTION access.reduce_fullmakt(
        p_fullmakt uuid, p_level text, p_capabilities integer, p_kinds text[], p_until timestamptz,
        p_permit_capabilities integer, p_permit_until timestamptz
    )
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        UPDATE access.fullmakt f
        SET level = p_level, capabilities = p_capabilities, kinds = p_kinds, until = p_until,
            permit_capabilities = p_permit_capabilities, permit_until = p_permit_until, reason = 'reduced'
        WHERE f.fullmakt_id = p_fullmakt AND f.receiver_id = access.actor() AND access.own() AND f.state = 'active'
          AND p_capabilities & ~f.capabilities = 0 AND p_permit_capabilities & ~f.permit_capabilities = 0
          AND p_until <= f.until AND p_permit_until <= f.permit_until
          AND (f.kinds IS NULL OR coalesce(p_kinds <@ f.kinds, false));
        IF NOT FOUND THEN
            RAISE insufficient_privilege USING MESSAGE = 'nothing that this receiver can reduce to that';
        END IF;
        UPDATE access.permit p
        SET capabilities = p_permit_capabilities, kinds = p_kinds, valid_until = p_permit_until
        FROM access.fullmakt f
        WHERE f.fullmakt_id = p_fullmakt AND p.origin = 'fullmakt' AND p.origin_id = f.fullmakt_id
          AND p.subject_id = f.giver_id AND p.valid_until > now();
        PERFORM access.follow_fullmakt(p_fullmakt, 'active');
    END
    $$
    """,
    # The other party's name; `shut`: nothing is open between the two, whatever the dates say, and not why. `tries`: how
    # often the code has been tried.
    """
    CREATE FUNCTION access.fullmakt_parties()
    RETURNS TABLE (fullmakt_id uuid, name text, given_name text, shut boolean, tries integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT f.fullmakt_id, p.name, p.given_name,
            coalesce(p.secret OR p.deceased, false) OR me.secret OR me.deceased,
            (SELECT count(*)::integer FROM access.claim_try t WHERE t.code_hash = f.code_hash)
        FROM identity.person me
        JOIN access.fullmakt f ON f.giver_id = me.person_id OR f.receiver_id = me.person_id
        LEFT JOIN identity.person p
            ON p.person_id = CASE WHEN f.giver_id = me.person_id THEN f.receiver_id ELSE f.giver_id END
        WHERE me.person_id = access.actor() AND access.own()
    $$
    """,
    # What the rules look at: of the person here, and of the other party of a fullmakt of theirs (NULL: none).
    """
    CREATE FUNCTION access.standings(p_fullmakt uuid)
    RETURNS TABLE (person_id uuid, birth_date date, secret boolean, deceased boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT p.person_id, p.birth_date, p.secret, p.deceased
        FROM identity.person p
        WHERE access.own() AND (
            p.person_id = access.actor()
            OR p.person_id IN (
                SELECT CASE WHEN f.giver_id = access.actor() THEN f.receiver_id ELSE f.giver_id END
                FROM access.fullmakt f
                WHERE f.fullmakt_id = p_fullmakt AND access.actor() IN (f.giver_id, f.receiver_id)
            )
        )
    $$
    """,
    # Who may open the own record now because a rule says so, and not because the person has.
    """
    CREATE FUNCTION access.readers_by_rule()
    RETURNS TABLE (name text, rule text, capabilities integer, kinds text[], valid_until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT a.name, p.rule, p.capabilities, p.kinds, p.valid_until
        FROM access.permit p
        JOIN identity.person a ON a.person_id = p.actor_id
        JOIN identity.person s ON s.person_id = p.subject_id
        WHERE access.own() AND p.subject_id = access.subject() AND p.actor_id <> p.subject_id
          AND p.origin = 'relation' AND p.audience <> 0 AND p.valid_from <= now() AND p.valid_until > now()
          AND NOT (s.secret OR s.deceased OR a.secret)
        ORDER BY a.name, p.permit_id
    $$
    """,
    # What a preview is called in the addresses of this session. NULL for a session from before there were any.
    """
    CREATE FUNCTION access.preview_handle(p_fullmakt uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT access.handle_of(me.handle_key, p_fullmakt)
        FROM identity.session me WHERE me.session_id = access.session_id()
    $$
    """,
)

_GIVER = "giver_id = (SELECT access.actor()) AND (SELECT access.own())"
_RECEIVER = "receiver_id = (SELECT access.actor()) AND (SELECT access.own())"
_TABLES = ("fullmakt", "fullmakt_event", "claim_try")

ROW_SECURITY = (
    *(
        statement
        for table in _TABLES
        for statement in (
            f"ALTER TABLE access.{table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE access.{table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY functions ON access.{table} TO innsyn_owner USING (true) WITH CHECK (true)",
        )
    ),
    f"CREATE POLICY given ON access.fullmakt TO innsyn_web USING ({_GIVER}) WITH CHECK ({_GIVER})",
    f"CREATE POLICY received ON access.fullmakt FOR SELECT TO innsyn_web USING ({_RECEIVER})",
    # A receiver can say no, and end it, and nothing else.
    f"""
    CREATE POLICY left_by_receiver ON access.fullmakt FOR UPDATE TO innsyn_web
    USING ({_RECEIVER}) WITH CHECK ({_RECEIVER} AND state IN ('declined', 'ended'))
    """,
    """
    CREATE POLICY concerned ON access.fullmakt_event FOR SELECT TO innsyn_web
    USING ((SELECT access.own()) AND (giver_id = (SELECT access.actor()) OR EXISTS (
        SELECT FROM access.fullmakt f
        WHERE f.giver_id = fullmakt_event.giver_id AND f.fullmakt_id = fullmakt_event.fullmakt_id
          AND f.receiver_id = (SELECT access.actor())
    )))
    """,
    # A permit for somebody else is written by follow_fullmakt alone; a preview of the own record by its owner, for an
    # hour at most.
    "CREATE POLICY given_by_fullmakt ON access.permit FOR INSERT TO innsyn_owner WITH CHECK (origin = 'fullmakt')",
    """
    ALTER POLICY given ON access.permit
    WITH CHECK (
        subject_id = (SELECT access.subject()) AND (SELECT access.own()) AND origin = 'preview'
        AND rule = 'preview' AND actor_id = subject_id AND handle_on = origin_id
        AND valid_until <= now() + interval '1 hour'
        AND EXISTS (
            SELECT FROM access.fullmakt f WHERE f.giver_id = subject_id AND f.fullmakt_id = origin_id
        )
    )
    """,
    "DROP POLICY changed ON access.permit",
    """
    ALTER POLICY withdrawn ON access.permit
    USING (subject_id = (SELECT access.subject()) AND (SELECT access.own()) AND origin = 'preview')
    """,
)

_SIGNATURES = (
    "claim_fullmakt(text, text[], interval)",
    "invite_by_code(uuid, text, text[])",
    "follow_fullmakt(uuid, text)",
    "reduce_fullmakt(uuid, text, integer, text[], timestamptz, integer, timestamptz)",
    "fullmakt_parties()",
    "standings(uuid)",
    "readers_by_rule()",
    "preview_handle(uuid)",
)
# Who the receiver is, and the code, only the functions write.
_CHOSEN = (
    "level, task, capabilities, kinds, until, permit_capabilities, permit_until, book, state, reason, label"
)
_READ = (
    f"giver_id, fullmakt_id, receiver_id, {_CHOSEN}, made_at, invited_until, active_since,"
    " last_confirmed_at, ended_at"
)

GRANTS = (
    *(
        f"REVOKE EXECUTE ON FUNCTION access.{each} FROM PUBLIC"
        for each in ("hash_of_code(text)", *_SIGNATURES)
    ),
    *(f"GRANT EXECUTE ON FUNCTION access.{each} TO innsyn_web" for each in _SIGNATURES),
    f"GRANT SELECT ({_READ}) ON access.fullmakt TO innsyn_web",
    f"GRANT INSERT (giver_id, fullmakt_id, {_CHOSEN}) ON access.fullmakt TO innsyn_web",
    (
        f"GRANT UPDATE ({_CHOSEN}, invited_until, active_since, last_confirmed_at, ended_at)"
        " ON access.fullmakt TO innsyn_web"
    ),
    "GRANT SELECT ON access.fullmakt_event TO innsyn_web",
    "REVOKE UPDATE ON access.permit FROM innsyn_web",
)
