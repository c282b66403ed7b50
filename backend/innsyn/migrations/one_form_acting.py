"""What the migration of a fullmakt for one form changes where something is done, and where a fullmakt is followed."""

ACTING = (
    # As before (migrations/acts_opening.py). Capability 32 is to answer one form: whoever may answer all of them may
    # (the act is one of 8 then, as ever), and whoever has been given some, with rows of those alone
    # (migrations/one_form.py). By that rule nothing else is done.
    """
    CREATE OR REPLACE FUNCTION access.begin_act(
        p_token bytea, p_handle text, p_capability integer, p_fresh interval, p_purpose text,
        OUT session_id uuid, OUT actor_id uuid, OUT subject_id uuid, OUT rule text, OUT at timestamptz,
        OUT problem text
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
        may record;
        may_do integer;
        refused boolean;
        only_logins boolean;
    BEGIN
        problem := 'session';
        -- Acts of one person one after another: two devices that end each other's sessions would wait for ever.
        PERFORM pg_advisory_xact_lock(hashtextextended('access.act' || o.person_id::text, 0))
        FROM identity.session o WHERE o.token_hash = sha256(p_token);
        -- A passkey only reminds of a login at ID-porten: it proves nothing anew.
        SELECT s.session_id, s.person_id, s.handle_key, s.ready, p.own_permits,
            s.method = 'idporten' AND s.auth_time > now() - p_fresh AS fresh
        INTO here
        FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
        WHERE s.token_hash = sha256(p_token) AND s.ended_at IS NULL
          AND s.expires_at > now() AND s.last_used_at + s.idle_limit > now()
        -- A session that is being ended elsewhere is ended first, or waits. Not FOR SHARE: two acts at once, which both
        -- write the row below, would wait for each other for ever.
        FOR NO KEY UPDATE OF s;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        UPDATE identity.session s SET last_used_at = now() WHERE s.session_id = here.session_id;
        IF p_handle IS NULL AND NOT here.own_permits THEN
            SELECT here.person_id AS subject_id, 1 AS audience, 31 AS capabilities, NULL::text[] AS kinds,
                'self' AS rule, NULL::uuid AS denied_subject, NULL::text AS denied_rule
            INTO may;
        ELSE
            SELECT * INTO may FROM access.admitted(here.person_id, here.handle_key, p_handle);
        END IF;
        only_logins := p_purpose LIKE 'sessions.%' AND access.only_logins(here.session_id, p_handle);
        IF only_logins THEN
            SELECT here.person_id AS subject_id, 0 AS audience, 31 AS capabilities, '{}'::text[] AS kinds,
                'self' AS rule, NULL::uuid AS denied_subject, NULL::text AS denied_rule
            INTO may;
        END IF;
        may_do := CASE WHEN p_capability = 32 AND may.capabilities & 8 = 8 THEN 8 ELSE p_capability END;
        rule := CASE WHEN may_do = 32 AND may.rule <> 'preview' THEN 'fullmakt.form' ELSE may.rule END;
        refused := may.subject_id IS NULL OR may.rule = 'preview'
            OR may.capabilities & may_do <> may_do
            OR (may_do = 32 AND p_purpose NOT LIKE 'forms.%')
            OR (may.rule = 'fullmakt.form' AND may_do <> 32)
            OR (NOT here.ready AND NOT only_logins AND p_purpose NOT LIKE 'start%');
        IF refused AND coalesce(may.subject_id, may.denied_subject) IS NOT NULL
            OR NOT refused AND (p_fresh IS NULL OR here.fresh)
        THEN
            INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, refused, act)
            VALUES (coalesce(may.subject_id, may.denied_subject), here.person_id, here.session_id,
                CASE WHEN refused THEN coalesce(may.rule, may.denied_rule) ELSE begin_act.rule END,
                p_purpose, refused, true);
        END IF;
        IF refused THEN
            problem := 'access';
            RETURN;
        END IF;
        IF p_fresh IS NOT NULL AND NOT coalesce(here.fresh, false) THEN
            problem := 'step_up';
            RETURN;
        END IF;
        problem := '';
        session_id := here.session_id;
        actor_id := here.person_id;
        subject_id := may.subject_id;
        at := now();
        PERFORM access.set_context(
            CASE WHEN NOT only_logins THEN subject_id END, actor_id, session_id, may.audience,
            subject_id = actor_id AND NOT only_logins, may.kinds,
            (SELECT coalesce(array_agg(h.entry_id), '{}') FROM access.hidden h
             WHERE h.person_id = may.subject_id AND h.from_audience & may.audience <> 0 AND may.audience <> 1),
            concat_ws(',', may_do, p_fresh IS NOT NULL, p_purpose));
    END
    $$
    """,
)

FOLLOWING = (
    # As before (migrations/fullmakt.py), with a rule of its own for one form.
    """
    CREATE OR REPLACE FUNCTION access.follow_fullmakt(p_fullmakt uuid, p_from text) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        me uuid := access.actor();
        f access.fullmakt;
        by_rule text;
    BEGIN
        SELECT * INTO f FROM access.fullmakt x
        WHERE x.fullmakt_id = p_fullmakt AND (x.giver_id = me OR x.receiver_id = me);
        IF NOT FOUND OR NOT access.own() THEN
            RAISE insufficient_privilege USING MESSAGE = 'no fullmakt of this person';
        END IF;
        by_rule := CASE WHEN f.level = 'form' THEN 'fullmakt.form' ELSE 'fullmakt' END;
        INSERT INTO access.fullmakt_event
            (giver_id, fullmakt_id, actor_id, from_state, to_state, reason, level, capabilities, kinds, until)
        VALUES (f.giver_id, f.fullmakt_id, me, p_from, f.state, f.reason, f.level, f.capabilities, f.kinds, f.until);
        -- A preview shows what is given now, and nothing that was or will be.
        UPDATE access.permit p SET valid_until = least(p.valid_until, now())
        WHERE p.origin = 'preview' AND p.origin_id = f.fullmakt_id AND p.subject_id = f.giver_id;
        IF f.state = 'active' AND f.giver_id = me THEN
            UPDATE access.permit p
            SET capabilities = f.permit_capabilities, kinds = f.kinds, valid_until = f.permit_until, rule = by_rule
            WHERE p.origin = 'fullmakt' AND p.origin_id = f.fullmakt_id AND p.subject_id = f.giver_id;
            IF NOT FOUND THEN
                INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, kinds,
                    valid_from, valid_until, rule, book, origin, origin_id)
                VALUES (f.giver_id, f.receiver_id, f.giver_id, 16, f.permit_capabilities, f.kinds, now(),
                    f.permit_until, by_rule, f.book, 'fullmakt', f.fullmakt_id);
            END IF;
        ELSIF f.state <> 'active' THEN
            UPDATE access.permit p SET valid_until = least(p.valid_until, now())
            WHERE p.origin = 'fullmakt' AND p.origin_id = f.fullmakt_id AND p.subject_id = f.giver_id;
        END IF;
    END
    $$
    """,
    # As before (migrations/access_opening.py): of several permits, one for a form is named last.
    """
    CREATE OR REPLACE FUNCTION access.people()
    RETURNS TABLE (
        handle text, name text, given_name text, rule text, audience integer, capabilities integer,
        kinds text[], valid_until timestamptz
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT DISTINCT ON (p.subject_id) access.handle_of(me.handle_key, p.handle_on), s.name, s.given_name,
            p.rule, p.audience, p.capabilities, p.kinds, p.valid_until
        FROM identity.session me
        JOIN access.permit p ON p.actor_id = me.person_id
        JOIN identity.person s ON s.person_id = p.subject_id
        JOIN identity.person a ON a.person_id = me.person_id
        WHERE me.session_id = access.session_id() AND p.subject_id <> me.person_id AND p.audience <> 0
          AND p.valid_from <= now() AND p.valid_until > now()
          AND NOT (s.secret OR s.deceased OR a.secret OR a.deceased)
        ORDER BY p.subject_id, p.rule = 'fullmakt.form', p.valid_until DESC, p.permit_id
    $$
    """,
)
