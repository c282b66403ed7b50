"""What migration 0003 needs beyond tables: the signed context, opening a record as oneself or for somebody, policies.

The context is one transaction-local setting, `innsyn.context`. Anybody who can run SQL can write a setting, so it is
signed with a key that only the owner of these functions reads, over the number of this very transaction: what an
injected statement writes there is nobody's, and what it copies is worth nothing in the next transaction.
"""

CONTEXT = (
    # 32 bytes, of which PostgreSQL's own generator makes 244 bits at random.
    """
    INSERT INTO access.context_key (key)
    VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    """,
    # subject|actor|session|audience|own|kinds|hidden|transaction|signature. Lists are separated by commas; of kinds, *
    # is all of them.
    """
    CREATE FUNCTION access.set_context(
        p_subject uuid, p_actor uuid, p_session uuid, p_audience integer, p_own boolean, p_kinds text[],
        p_hidden uuid[]
    )
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        k bytea := (SELECT key FROM access.context_key);
        said text := concat_ws('|', p_subject, p_actor, p_session, p_audience, p_own,
            coalesce(array_to_string(p_kinds, ','), '*'), array_to_string(p_hidden, ','), pg_current_xact_id());
    BEGIN
        PERFORM set_config('innsyn.context',
            said || '|' || encode(sha256(k || sha256(k || convert_to(said, 'UTF8'))), 'hex'), true);
    END
    $$
    """,
    # The parts of the context, NULL unless this transaction was given it.
    """
    CREATE FUNCTION access.opened() RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        -- After its first use in a connection an unset setting reads as '', not NULL.
        said text := nullif(current_setting('innsyn.context', true), '');
        parts text[] := string_to_array(said, '|');
        k bytea;
    BEGIN
        IF parts[8] = pg_current_xact_id_if_assigned()::text THEN
            k := (SELECT key FROM access.context_key);
            IF parts[9] = encode(sha256(k || sha256(k || convert_to(left(said, -65), 'UTF8'))), 'hex') THEN
                RETURN parts;
            END IF;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    # Whom the setting names, true or not: good for finding rows by an index, never for showing one.
    """
    CREATE FUNCTION access.said() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(split_part(current_setting('innsyn.context', true), '|', 1), '')::uuid $$
    """,
    # The subject, if the reader is the same person and may see the whole of it: what most readings are, told by one
    # evaluation.
    """
    CREATE FUNCTION access.whole() RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        said text := nullif(current_setting('innsyn.context', true), '');
        parts text[] := string_to_array(said, '|');
        k bytea;
    BEGIN
        IF parts[8] = pg_current_xact_id_if_assigned()::text AND parts[4] = '1' AND parts[5] = 't'
            AND parts[6] = '*'
        THEN
            k := (SELECT key FROM access.context_key);
            IF parts[9] = encode(sha256(k || sha256(k || convert_to(left(said, -65), 'UTF8'))), 'hex') THEN
                RETURN parts[1]::uuid;
            END IF;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    # Of anybody else: all from one context, so that no two can be mixed.
    """
    CREATE FUNCTION access.admits(
        p_opened text[], p_person uuid, p_audience integer, p_kind text, p_at timestamptz, p_entry uuid
    )
    RETURNS boolean LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN coalesce(
            p_opened[1] = p_person::text AND p_opened[4]::integer & p_audience <> 0
            AND (p_opened[6] = '*' OR (
                p_kind = ANY (string_to_array(p_opened[6], ','))
                AND (p_kind <> 'encounters' OR p_at > now()
                     OR 'encounters.past' = ANY (string_to_array(p_opened[6], ',')))
            ))
            AND (p_opened[7] = '' OR p_entry::text <> ALL (string_to_array(p_opened[7], ','))),
            false);
    END
    $$
    """,
    (
        "CREATE OR REPLACE FUNCTION access.subject() RETURNS uuid LANGUAGE sql STABLE"
        " AS $$ SELECT (access.opened())[1]::uuid $$"
    ),
    (
        "CREATE FUNCTION access.actor() RETURNS uuid LANGUAGE sql STABLE"
        " AS $$ SELECT (access.opened())[2]::uuid $$"
    ),
    (
        "CREATE FUNCTION access.session_id() RETURNS uuid LANGUAGE sql STABLE"
        " AS $$ SELECT (access.opened())[3]::uuid $$"
    ),
    (
        "CREATE FUNCTION access.audience() RETURNS integer LANGUAGE sql STABLE"
        " AS $$ SELECT (access.opened())[4]::integer $$"
    ),
    # The own record, by oneself, and not as somebody else would see it.
    (
        "CREATE FUNCTION access.own() RETURNS boolean LANGUAGE sql STABLE"
        " AS $$ SELECT coalesce((access.opened())[5]::boolean, false) $$"
    ),
)

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
                p.subject_id <> p_actor AND (s.secret OR s.deceased OR a.secret) AS shut
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
                denied_subject := permit.subject_id;
                denied_rule := 'secret_address';
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
        SELECT s.session_id, s.person_id, s.auth_time, s.handle_key, s.ready, p.own_permits
        INTO here
        FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
        WHERE s.token_hash = sha256(p_token) AND s.ended_at IS NULL
          AND s.expires_at > now() AND s.last_used_at + s.idle_limit > now()
        -- A session that is being ended elsewhere is ended first, or waits.
        FOR SHARE OF s;
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
            OR NOT refused AND (p_fresh IS NULL OR here.auth_time > now() - p_fresh)
        THEN
            INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, refused, act)
            VALUES (coalesce(may.subject_id, may.denied_subject), here.person_id, here.session_id,
                coalesce(may.rule, may.denied_rule), p_purpose, refused, true);
        END IF;
        IF refused THEN
            problem := 'access';
            RETURN;
        END IF;
        IF p_fresh IS NOT NULL AND here.auth_time <= now() - p_fresh THEN
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
          AND p.valid_from <= now() AND p.valid_until > now() AND NOT (s.secret OR s.deceased OR a.secret)
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

SESSIONS = (
    "DROP FUNCTION identity.start_session(bytea, text, text, text, text, text, interval, interval)",
    # Whether a person must agree to something before anything is shown. Nothing, until there are terms.
    """
    CREATE FUNCTION identity.must_accept(p_person uuid) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT false $$
    """,
    # p_before: the token that this browser had until now. The same person comes back to the same addresses.
    """
    CREATE FUNCTION identity.start_session(
        p_token bytea, p_system text, p_value text, p_acr text, p_issuer text, p_sid text,
        p_idle_limit interval, p_lifetime interval, p_auth_time timestamptz, p_method text, p_browser text,
        p_before bytea
    )
    RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        who uuid;
        started uuid;
    BEGIN
        -- Two first logins at once must not make two persons of one number.
        PERFORM pg_advisory_xact_lock(hashtextextended(p_system || p_value, 0));
        SELECT i.person_id INTO who FROM identity.person_identifier i
        WHERE i.system = p_system AND i.value = p_value;
        IF NOT FOUND THEN
            INSERT INTO identity.person DEFAULT VALUES RETURNING person_id INTO who;
            INSERT INTO identity.person_identifier (system, value, person_id) VALUES (p_system, p_value, who);
        END IF;
        INSERT INTO identity.session
            (token_hash, person_id, acr, issuer, sid, idle_limit, expires_at, new_since, auth_time, method, browser,
             handle_key, ready)
        VALUES (
            sha256(p_token), who, p_acr, p_issuer, p_sid, p_idle_limit, now() + p_lifetime,
            (SELECT max(s.last_used_at) FROM identity.session s WHERE s.person_id = who),
            p_auth_time, p_method, p_browser,
            coalesce(
                (SELECT s.handle_key FROM identity.session s
                 WHERE s.token_hash = sha256(p_before) AND s.person_id = who),
                gen_random_uuid()),
            NOT identity.must_accept(who)
        )
        RETURNING session_id INTO started;
        RETURN started;
    END
    $$
    """,
    # A new value of the cookie for the same session: at step-up and when another person's record is taken up.
    """
    CREATE FUNCTION identity.renew_session(p_token bytea, p_new bytea) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH renewed AS (
            UPDATE identity.session SET token_hash = sha256(p_new), last_used_at = now()
            WHERE token_hash = sha256(p_token) AND ended_at IS NULL AND expires_at > now()
              AND last_used_at + idle_limit > now()
            RETURNING 1
        )
        SELECT EXISTS (SELECT FROM renewed)
    $$
    """,
)

# The visibility rule once more (access/visibility.py is the first lock): the person, the release, the group of readers,
# the kinds, and what is hidden from them.
_ENTRY = """
    person_id = (SELECT access.said())
    AND (release_at <= now() OR stub IS NOT NULL)
    AND (
        (person_id = (SELECT access.whole()) AND audience & 1 <> 0)
        OR access.admits((SELECT access.opened()), person_id, audience, kind, occurred_at, entry_id)
    )
"""
_DOCUMENT = """
    person_id = (SELECT access.said())
    AND EXISTS (
        SELECT FROM record.entry e
        WHERE e.person_id = document.person_id AND e.entry_id = document.entry_id AND e.release_at <= now()
    )
"""
# Which services have written in the whole record is told to whoever may read the whole of it.
_CONTRIBUTOR = "person_id = (SELECT access.whole())"

POLICIES = (
    f"ALTER POLICY opened_record ON record.entry USING ({_ENTRY})",
    f"ALTER POLICY opened_record ON record.document USING ({_DOCUMENT})",
    f"ALTER POLICY opened_record ON record.contributor USING ({_CONTRIBUTOR})",
    (
        "ALTER POLICY opened_record ON access.log USING"
        " (subject_id = (SELECT access.subject()) AND (SELECT access.own()))"
    ),
    *(
        f"ALTER TABLE access.{table} {verb} ROW LEVEL SECURITY"
        for table in ("permit", "hidden", "context_key")
        for verb in ("ENABLE", "FORCE")
    ),
    "CREATE POLICY signing ON access.context_key TO innsyn_owner USING (true) WITH CHECK (true)",
    "CREATE POLICY opening ON access.permit FOR SELECT TO innsyn_owner USING (true)",
    # SELECT … FOR SHARE asks for this too.
    "CREATE POLICY held ON access.permit FOR UPDATE TO innsyn_owner USING (true) WITH CHECK (true)",
    "CREATE POLICY opening ON access.hidden FOR SELECT TO innsyn_owner USING (true)",
    "CREATE POLICY computed ON access.permit TO innsyn_worker USING (true) WITH CHECK (true)",
    """
    CREATE POLICY concerned ON access.permit FOR SELECT TO innsyn_web
    USING (actor_id = (SELECT access.actor())
           OR (subject_id = (SELECT access.subject()) AND (SELECT access.own())))
    """,
    # What a citizen gives is of the own record; what follows from the law is written by the worker alone.
    """
    CREATE POLICY given ON access.permit FOR INSERT TO innsyn_web
    WITH CHECK (subject_id = (SELECT access.subject()) AND (SELECT access.own())
                AND origin IN ('fullmakt', 'preview'))
    """,
    """
    CREATE POLICY changed ON access.permit FOR UPDATE TO innsyn_web
    USING (subject_id = (SELECT access.subject()) AND (SELECT access.own())
           AND origin IN ('fullmakt', 'preview'))
    """,
    """
    CREATE POLICY withdrawn ON access.permit FOR DELETE TO innsyn_web
    USING (subject_id = (SELECT access.subject()) AND (SELECT access.own())
           AND origin IN ('fullmakt', 'preview'))
    """,
    """
    CREATE POLICY own ON access.hidden TO innsyn_web
    USING (person_id = (SELECT access.subject()) AND (SELECT access.own()))
    WITH CHECK (person_id = (SELECT access.subject()) AND (SELECT access.own())
                AND by_id = (SELECT access.actor()))
    """,
)

# The tables that only functions and the worker touch are closed to everybody else as well.
_OF_FUNCTIONS = ("person", "person_identifier", "patient", "session", "login_attempt")
_OF_WORKER = (
    *(f"identity.{table}" for table in ("person", "person_identifier", "patient")),
    *(f"journal.{table}" for table in ("resource", "alias", "waiting", "quarantine", "source", "position")),
)
ROW_SECURITY = (
    *(
        f"ALTER TABLE {table} {verb} ROW LEVEL SECURITY"
        for table in (*_OF_WORKER, "identity.session", "identity.login_attempt")
        for verb in ("ENABLE", "FORCE")
    ),
    *(
        f"CREATE POLICY functions ON identity.{table} TO innsyn_owner USING (true) WITH CHECK (true)"
        for table in _OF_FUNCTIONS
    ),
    *(
        f"CREATE POLICY intake ON {table} TO innsyn_worker USING (true) WITH CHECK (true)"
        for table in _OF_WORKER
    ),
    "CREATE POLICY freshness ON journal.source FOR SELECT TO innsyn_web USING (true)",
    # Found by a secret that only the browser and the provider hold.
    "CREATE POLICY attempts ON identity.login_attempt TO innsyn_web USING (true) WITH CHECK (true)",
)

_OPENED = "subject actor session_id audience own said whole opened".split()

GRANTS = (
    "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA access, identity FROM PUBLIC",
    *(f"GRANT EXECUTE ON FUNCTION access.{name}() TO innsyn_web" for name in (*_OPENED, "people")),
    "GRANT EXECUTE ON FUNCTION access.admits(text[], uuid, integer, text, timestamptz, uuid) TO innsyn_web",
    "GRANT EXECUTE ON FUNCTION access.begin_access(bytea, text, text, uuid) TO innsyn_web",
    "GRANT EXECUTE ON FUNCTION access.begin_act(bytea, text, integer, interval, text) TO innsyn_web",
    "GRANT EXECUTE ON FUNCTION identity.renew_session(bytea, bytea) TO innsyn_web",
    (
        "GRANT EXECUTE ON FUNCTION identity.start_session(bytea, text, text, text, text, text, interval, interval,"
        " timestamptz, text, text, bytea) TO innsyn_web"
    ),
    "GRANT SELECT, INSERT, UPDATE, DELETE ON access.permit, access.hidden TO innsyn_web",
    "GRANT USAGE ON SCHEMA access TO innsyn_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON access.permit TO innsyn_worker",
)

# Until now every row was for oneself alone, because nobody else could be let in. Forced row security holds the owner
# back too.
FOR_EVERYBODY = (
    "ALTER TABLE record.entry NO FORCE ROW LEVEL SECURITY",
    "UPDATE record.entry SET audience = 31, own_audience = 31 WHERE own_audience = 1",
    "ALTER TABLE record.entry FORCE ROW LEVEL SECURITY",
)

OLD = ("DROP FUNCTION access.begin_access(bytea, text, uuid)",)
