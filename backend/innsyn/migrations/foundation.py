"""What the first migration needs beyond tables: schemas, functions, row-level security and grants.

The roles innsyn_owner, innsyn_web and innsyn_worker exist before the first migration (infra/postgres/roles.sql).
"""

# pg_trgm is a trusted extension: the owner of the database may add it.
SCHEMAS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    *(f"CREATE SCHEMA {name}" for name in ("journal", "identity", "access", "record")),
)

FUNCTIONS = (
    # After its first use in a connection an unset setting reads as '', not NULL.
    """
    CREATE FUNCTION access.subject() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('innsyn.subject', true), '')::uuid $$
    """,
    """
    CREATE FUNCTION access.begin_access(p_token bytea, p_purpose text, p_entry uuid)
    RETURNS TABLE (
        session_id uuid, actor_id uuid, subject_id uuid, name text, given_name text, locale text,
        audience integer, new_since timestamptz, at timestamptz
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
    BEGIN
        SELECT s.session_id, s.person_id, s.last_used_at, s.new_since, p.name, p.given_name, p.locale
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
        INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, entry_id)
        VALUES (here.person_id, here.person_id, here.session_id, 'self', p_purpose, p_entry);
        PERFORM set_config('innsyn.subject', here.person_id::text, true);
        RETURN QUERY SELECT here.session_id, here.person_id, here.person_id, here.name, here.given_name,
            here.locale, 1, here.new_since, now();
    END
    $$
    """,
    """
    CREATE FUNCTION identity.start_session(
        p_token bytea, p_system text, p_value text, p_acr text, p_issuer text, p_sid text,
        p_idle_limit interval, p_lifetime interval
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
            (token_hash, person_id, acr, issuer, sid, idle_limit, expires_at, new_since)
        VALUES (
            sha256(p_token), who, p_acr, p_issuer, p_sid, p_idle_limit, now() + p_lifetime,
            (SELECT max(s.last_used_at) FROM identity.session s WHERE s.person_id = who)
        )
        RETURNING session_id INTO started;
        RETURN started;
    END
    $$
    """,
    """
    CREATE FUNCTION identity.end_session(p_token bytea) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH ended AS (
            UPDATE identity.session SET ended_at = now()
            WHERE token_hash = sha256(p_token) AND ended_at IS NULL RETURNING 1
        )
        SELECT EXISTS (SELECT FROM ended)
    $$
    """,
    """
    CREATE FUNCTION identity.choose_locale(p_token bytea, p_locale text) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH changed AS (
            UPDATE identity.person p SET locale = p_locale
            FROM identity.session s
            WHERE s.token_hash = sha256(p_token) AND s.ended_at IS NULL AND s.expires_at > now()
              AND s.last_used_at + s.idle_limit > now() AND p.person_id = s.person_id
            RETURNING 1
        )
        SELECT EXISTS (SELECT FROM changed)
    $$
    """,
)

_OF_A_PERSON = ("entry", "claim", "document", "contributor")

ROW_SECURITY = (
    *(
        statement
        for table in _OF_A_PERSON
        for statement in (
            f"ALTER TABLE record.{table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE record.{table} FORCE ROW LEVEL SECURITY",
            # (SELECT …): once per statement instead of once per row.
            f"""
            CREATE POLICY opened_record ON record.{table} FOR SELECT TO innsyn_web
            USING (person_id = (SELECT access.subject()))
            """,
            f"CREATE POLICY projection ON record.{table} TO innsyn_worker USING (true) WITH CHECK (true)",
        )
    ),
    "ALTER TABLE access.log ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access.log FORCE ROW LEVEL SECURITY",
    "CREATE POLICY written_by_begin_access ON access.log FOR INSERT TO innsyn_owner WITH CHECK (true)",
    """
    CREATE POLICY opened_record ON access.log FOR SELECT TO innsyn_web
    USING (subject_id = (SELECT access.subject()))
    """,
)

GRANTS = (
    "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA access, identity FROM PUBLIC",
    "GRANT USAGE ON SCHEMA record, access, identity, journal TO innsyn_web",
    "GRANT SELECT ON record.entry, record.claim, record.document, record.contributor, access.log TO innsyn_web",
    "GRANT SELECT ON journal.source TO innsyn_web",
    "GRANT SELECT, INSERT, DELETE ON identity.login_attempt TO innsyn_web",
    "GRANT EXECUTE ON FUNCTION access.subject() TO innsyn_web, innsyn_worker",
    "GRANT EXECUTE ON FUNCTION access.begin_access(bytea, text, uuid) TO innsyn_web",
    """
    GRANT EXECUTE ON FUNCTION
        identity.start_session(bytea, text, text, text, text, text, interval, interval),
        identity.end_session(bytea), identity.choose_locale(bytea, text)
    TO innsyn_web
    """,
    "GRANT USAGE ON SCHEMA record, identity, journal TO innsyn_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA record, journal TO innsyn_worker",
    """
    GRANT SELECT, INSERT, UPDATE, DELETE
    ON identity.person, identity.person_identifier, identity.patient TO innsyn_worker
    """,
)
