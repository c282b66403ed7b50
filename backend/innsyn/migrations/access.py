"""What migration 0003 needs beyond tables, the signed context and the opening: sessions, policies and grants."""

SESSIONS = (
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

# What the version before this one calls, for as long as both run side by side. A later migration takes them away.
OLD = (
    """
    CREATE OR REPLACE FUNCTION access.begin_access(p_token bytea, p_purpose text, p_entry uuid)
    RETURNS TABLE (
        session_id uuid, actor_id uuid, subject_id uuid, name text, given_name text, locale text,
        audience integer, new_since timestamptz, at timestamptz
    )
    LANGUAGE sql VOLATILE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT o.session_id, o.actor_id, o.subject_id, o.name, o.given_name, o.locale, o.audience, o.new_since, o.at
        FROM access.begin_access(p_token, NULL, p_purpose, p_entry) o WHERE o.subject_id IS NOT NULL
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION identity.start_session(
        p_token bytea, p_system text, p_value text, p_acr text, p_issuer text, p_sid text,
        p_idle_limit interval, p_lifetime interval
    )
    RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- As in identity.log_in (migrations/logout.py).
        IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
            RAISE insufficient_privilege USING MESSAGE = 'a login is a transaction of its own';
        END IF;
        -- When the person was at ID-porten it does not know: not lately enough for what is grave.
        RETURN identity.start_session(p_token, p_system, p_value, p_acr, p_issuer, p_sid, p_idle_limit, p_lifetime,
            now() - interval '1 day', 'idporten', '', NULL::bytea);
    END
    $$
    """,
)
