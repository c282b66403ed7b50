"""Opening a record as oneself or for somebody, doing something in it, and hearing of what has changed."""

OPENING = (
    # What stands for a person in an address: nothing in another session, and nobody's number.
    """
    CREATE FUNCTION access.handle_of(p_key uuid, p_on uuid) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$
        SELECT translate(
            encode(substring(sha256(uuid_send(p_key) || uuid_send(p_on)) FOR 12), 'base64'), '+/', '-_')
    $$
    """,
    # All permits of an actor in force for one handle (NULL: the own record), taken together. They are held until the
    # transaction ends: a permit that is taken back either ends before this reading, or waits for it.
    """
    CREATE FUNCTION access.admitted(
        p_actor uuid, p_key uuid, p_handle text,
        OUT subject_id uuid, OUT name text, OUT given_name text, OUT audience integer, OUT capabilities integer,
        OUT kinds text[], OUT rule text, OUT denied_subject uuid, OUT denied_rule text
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        permit record;
        everything boolean := false;
    BEGIN
        audience := 0;
        capabilities := 0;
        kinds := '{}';
        FOR permit IN
            SELECT p.*, s.name, s.given_name,
                -- The clock and not the begin of the transaction: a permit that has ended by now is over.
                p.valid_from <= clock_timestamp() AND p.valid_until > clock_timestamp() AS in_force,
                p.subject_id <> p_actor AND (s.secret OR s.deceased OR a.secret OR a.deceased) AS shut
            FROM access.permit p
            JOIN identity.person s ON s.person_id = p.subject_id
            JOIN identity.person a ON a.person_id = p.actor_id
            WHERE p.actor_id = p_actor AND CASE
                WHEN p_handle IS NULL THEN p.subject_id = p_actor AND p.origin <> 'preview'
                ELSE access.handle_of(p_key, p.handle_on) = p_handle
                    AND (p.subject_id <> p_actor OR p.origin = 'preview')
            END
            ORDER BY p.valid_from, p.permit_id
            FOR SHARE OF p, s, a
        LOOP
            IF permit.shut THEN
                -- Not why: the log is read by the other one, who must not learn that an address is secret.
                denied_subject := permit.subject_id;
                denied_rule := 'shut';
            ELSIF NOT permit.in_force THEN
                denied_subject := coalesce(denied_subject, permit.subject_id);
                denied_rule := coalesce(denied_rule, permit.rule);
            ELSIF permit.audience = 0 THEN
                denied_subject := permit.subject_id;
                denied_rule := permit.rule;
            ELSE
                subject_id := permit.subject_id;
                name := permit.name;
                given_name := permit.given_name;
                rule := coalesce(rule, permit.rule);
                audience := audience | permit.audience;
                capabilities := capabilities | permit.capabilities;
                everything := everything OR permit.kinds IS NULL;
                kinds := kinds || permit.kinds;
            END IF;
        END LOOP;
        IF everything THEN
            kinds := NULL;
        END IF;
    END
    $$
    """,
    # No session: all NULL. A session and no access: session_id and why in rule, but no subject.
    """
    CREATE FUNCTION access.begin_access(
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
    BEGIN
        SELECT s.session_id, s.person_id, s.last_used_at, s.new_since, s.expires_at, s.idle_limit, s.handle_key,
            s.ready, p.name, p.given_name, p.locale, p.own_permits
        INTO here
        FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
        WHERE s.token_hash = sha256(p_token) AND s.ended_at IS NULL
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
        new_since := here.new_since;
        at := now();
        expires_at := here.expires_at;
        idle_limit := here.idle_limit;
        handle := coalesce(p_handle, '');
        hidden := '{}';
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
        PERFORM access.set_context(subject_id, here.person_id, here.session_id, audience,
            subject_id = here.person_id AND rule <> 'preview', kinds, hidden);
    END
    $$
    """,
    # problem: '' | session | access | step_up. Nothing may be written under a preview.
    """
    CREATE FUNCTION access.begin_act(
        p_token bytea, p_handle text, p_capability integer, p_fresh interval, p_purpose text,
        OUT session_id uuid, OUT actor_id uuid, OUT subject_id uuid, OUT rule text, OUT at timestamptz,
        OUT problem text
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
        may record;
        refused boolean;
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
        refused := may.subject_id IS NULL OR may.rule = 'preview'
            OR may.capabilities & p_capability <> p_capability
            OR (NOT here.ready AND p_purpose NOT LIKE 'start%');
        IF refused AND coalesce(may.subject_id, may.denied_subject) IS NOT NULL
            OR NOT refused AND (p_fresh IS NULL OR here.fresh)
        THEN
            INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, refused, act)
            VALUES (coalesce(may.subject_id, may.denied_subject), here.person_id, here.session_id,
                coalesce(may.rule, may.denied_rule), p_purpose, refused, true);
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
        rule := may.rule;
        at := now();
        PERFORM access.set_context(subject_id, actor_id, session_id, may.audience, subject_id = actor_id,
            may.kinds,
            (SELECT coalesce(array_agg(h.entry_id), '{}') FROM access.hidden h
             WHERE h.person_id = may.subject_id AND h.from_audience & may.audience <> 0 AND may.audience <> 1));
    END
    $$
    """,
    # Whom the person of the opened record may act for, and as whom something may be previewed: what the switch shows.
    """
    CREATE FUNCTION access.people()
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
        ORDER BY p.subject_id, p.valid_until DESC, p.permit_id
    $$
    """,
    # Whoever waits for changes hears whose access has changed, and nothing else.
    """
    CREATE FUNCTION access.permit_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM pg_notify('access_changed', coalesce(NEW.actor_id, OLD.actor_id)::text);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER permit_changed AFTER INSERT OR UPDATE OR DELETE ON access.permit
    FOR EACH ROW EXECUTE FUNCTION access.permit_changed()
    """,
)
