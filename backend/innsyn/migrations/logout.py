"""What migration 0011 needs beyond tables: a login that renews a session, and the end of sessions by the provider."""

_LOG_IN = "bytea, bytea, boolean, text, text, text, text, text, text, interval, interval, timestamptz, text"

LOG_IN = (
    # p_before: the token that this browser had until now. At step-up (p_renews) the same person keeps the session,
    # under the new token; anybody else gets a session of their own, and `stranger` says that the page they were sent
    # from was another's. Whoever was logged in here before is not any longer.
    """
    CREATE FUNCTION identity.log_in(
        p_token bytea, p_before bytea, p_renews boolean, p_system text, p_value text, p_acr text, p_issuer text,
        p_sid text, p_sub text, p_idle_limit interval, p_lifetime interval, p_auth_time timestamptz,
        p_browser text, OUT session_id uuid, OUT stranger boolean
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
        who uuid;
        renewed uuid;
    BEGIN
        -- A session is never begun in a transaction that has read or done something: a statement with a hole, in which
        -- a record has been opened, has written in the log and cannot come here.
        IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
            RAISE insufficient_privilege USING MESSAGE = 'a login is a transaction of its own';
        END IF;
        SELECT i.person_id INTO who FROM identity.person_identifier i
        WHERE i.system = p_system AND i.value = p_value;
        SELECT s.session_id, s.person_id,
            s.ended_at IS NULL AND s.expires_at > now() AND s.last_used_at + s.idle_limit > now() AS lives
        INTO here
        FROM identity.session s WHERE s.token_hash = sha256(p_before)
        FOR UPDATE;
        stranger := coalesce(here.person_id <> who, here.person_id IS NOT NULL);
        IF here.lives AND p_renews AND NOT stranger THEN
            UPDATE identity.session s
            SET token_hash = sha256(p_token), acr = p_acr, issuer = p_issuer, sid = p_sid, sub = p_sub,
                method = 'idporten', auth_time = p_auth_time, last_used_at = now(),
                expires_at = now() + p_lifetime
            WHERE s.session_id = here.session_id
            RETURNING s.session_id INTO renewed;
            session_id := renewed;
            RETURN;
        END IF;
        renewed := identity.start_session(p_token, p_system, p_value, p_acr, p_issuer, p_sid, p_idle_limit,
            p_lifetime, p_auth_time, 'idporten', p_browser, p_before);
        UPDATE identity.session s SET sub = p_sub WHERE s.session_id = renewed;
        UPDATE identity.session s SET ended_at = now(), ended_why = 'login'
        WHERE s.session_id = here.session_id AND s.ended_at IS NULL;
        session_id := renewed;
    END
    $$
    """,
    # '' when nobody is logged in, or has not chosen.
    """
    CREATE FUNCTION identity.locale_of(p_token bytea) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT coalesce((
            SELECT p.locale FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
            WHERE s.token_hash = sha256(p_token) AND s.ended_at IS NULL AND s.expires_at > now()
              AND s.last_used_at + s.idle_limit > now()), '')
    $$
    """,
)

BY_PROVIDER = (
    # A sid names the session, whoever it is of; without one everything of the pseudonym ends.
    """
    CREATE FUNCTION identity.end_by_provider(p_issuer text, p_sid text, p_sub text) RETURNS integer
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH ended AS (
            UPDATE identity.session SET ended_at = now(), ended_why = 'provider'
            WHERE issuer = p_issuer AND ended_at IS NULL
              AND CASE WHEN p_sid <> '' THEN sid = p_sid ELSE p_sub <> '' AND sub = p_sub END
            RETURNING 1
        )
        SELECT count(*)::integer FROM ended
    $$
    """,
)

# Found by a secret that only the browser and the provider hold; nothing in them is about a person.
ROW_SECURITY = (
    *(
        f"ALTER TABLE identity.{table} {verb} ROW LEVEL SECURITY"
        for table in ("logout_attempt", "logout_token")
        for verb in ("ENABLE", "FORCE")
    ),
    *(
        f"CREATE POLICY attempts ON identity.{table} TO innsyn_web USING (true) WITH CHECK (true)"
        for table in ("logout_attempt", "logout_token")
    ),
)

GRANTS = (
    "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA identity FROM PUBLIC",
    "GRANT SELECT, INSERT, DELETE ON identity.logout_attempt, identity.logout_token TO innsyn_web",
    (
        f"GRANT EXECUTE ON FUNCTION identity.log_in({_LOG_IN}), identity.locale_of(bytea),"
        " identity.end_by_provider(text, text, text) TO innsyn_web"
    ),
)
