"""What migration 0008 needs beyond tables: why a session ended, what an open page is told, devices, and one's own list.

Whoever holds a token that was once a session's is told how it ended; to anybody else these functions say nothing.
"""

STATE = (
    # The clock and not the begin of the transaction: a stream asks at the very moment of the limit.
    """
    CREATE FUNCTION identity.is_open(s identity.session) RETURNS boolean
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT s.ended_at IS NULL AND s.expires_at > clock_timestamp()
            AND s.last_used_at + s.idle_limit > clock_timestamp()
    $$
    """,
    # When it was over, whether or not anybody has noticed; NULL while it is open.
    """
    CREATE FUNCTION identity.over_at(s identity.session) RETURNS timestamptz
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE WHEN NOT identity.is_open(s)
            THEN least(s.ended_at, s.expires_at, s.last_used_at + s.idle_limit) END
    $$
    """,
    # '' while it is open.
    """
    CREATE FUNCTION identity.why_over(s identity.session) RETURNS text
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE identity.over_at(s)
            WHEN s.ended_at THEN coalesce(s.ended_why, 'logout')
            WHEN s.expires_at THEN 'absolute'
            WHEN s.last_used_at + s.idle_limit THEN 'idle'
            ELSE '' END
    $$
    """,
)

ENDING = (
    """
    CREATE OR REPLACE FUNCTION identity.end_session(p_token bytea) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH ended AS (
            UPDATE identity.session SET ended_at = now(), ended_why = 'logout'
            WHERE token_hash = sha256(p_token) AND ended_at IS NULL RETURNING 1
        )
        SELECT EXISTS (SELECT FROM ended)
    $$
    """,
    # The same person in the same browser has the same mark again after a new login, and nobody else has.
    """
    CREATE FUNCTION identity.mark_of(p_key uuid, p_person uuid) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
    AS $$ SELECT coalesce(access.handle_of(p_key, p_person), '') $$
    """,
    # why '': it goes on. No row: there never was such a session, or it has been forgotten.
    """
    CREATE FUNCTION identity.how_it_is(p_token bytea)
    RETURNS TABLE (why text, mark text, locale text)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT identity.why_over(s), identity.mark_of(s.handle_key, s.person_id), p.locale
        FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
        WHERE s.token_hash = sha256(p_token)
    $$
    """,
    # "Yes, I am still here": the idle limit is counted from now, exactly.
    """
    CREATE FUNCTION identity.stay(p_token bytea) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH here AS (
            UPDATE identity.session s SET last_used_at = clock_timestamp()
            WHERE s.token_hash = sha256(p_token) AND identity.is_open(s) RETURNING 1
        )
        SELECT EXISTS (SELECT FROM here)
    $$
    """,
)

LIVE = (
    # What an open page may know of its session and of the access it was opened under. It reads nothing of a record and
    # does not keep the session alive. Whether there is access is asked where every page asks it: access.admitted.
    """
    CREATE FUNCTION access.still_open(
        p_token bytea, p_handle text,
        OUT person_id uuid, OUT mark text, OUT idle_left double precision, OUT whole_left double precision,
        OUT access_left double precision
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
        admitted record;
    BEGIN
        SELECT s.person_id, s.handle_key, p.own_permits,
            extract(epoch FROM s.last_used_at + s.idle_limit - clock_timestamp()) AS idle,
            extract(epoch FROM s.expires_at - clock_timestamp()) AS whole
        INTO here
        FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
        WHERE s.token_hash = sha256(p_token) AND identity.is_open(s);
        IF NOT FOUND THEN
            RETURN;
        END IF;
        IF p_handle IS NOT NULL OR here.own_permits THEN
            admitted := access.admitted(here.person_id, here.handle_key, p_handle);
            -- Without access to the own record there are still pages that are one's own.
            IF admitted.subject_id IS NULL AND p_handle IS NOT NULL THEN
                RETURN;
            END IF;
            SELECT extract(epoch FROM min(at) - clock_timestamp()) INTO access_left
            FROM access.permit p CROSS JOIN LATERAL (VALUES (p.valid_from), (p.valid_until)) AS changes (at)
            WHERE p.actor_id = here.person_id AND at > clock_timestamp();
        END IF;
        person_id := here.person_id;
        mark := identity.mark_of(here.handle_key, here.person_id);
        idle_left := here.idle;
        whole_left := here.whole;
    END
    $$
    """,
    # Heard on the same channel as changed permits (migrations/access.py): whose it is, and nothing else.
    """
    CREATE FUNCTION identity.session_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM pg_notify('access_changed', NEW.person_id::text);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER session_changed AFTER UPDATE OF ended_at, token_hash, expires_at ON identity.session
    FOR EACH ROW EXECUTE FUNCTION identity.session_changed()
    """,
    # A secret address, a death or an own access that has become dated rows: everybody concerned looks again.
    """
    CREATE FUNCTION identity.person_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM pg_notify('access_changed', concerned.id::text)
        FROM (
            SELECT NEW.person_id AS id
            UNION SELECT p.actor_id FROM access.permit p WHERE p.subject_id = NEW.person_id
        ) AS concerned;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER person_changed AFTER UPDATE OF secret, deceased, own_permits ON identity.person
    FOR EACH ROW WHEN ((OLD.secret, OLD.deceased, OLD.own_permits)
                       IS DISTINCT FROM (NEW.secret, NEW.deceased, NEW.own_permits))
    EXECUTE FUNCTION identity.person_changed()
    """,
)

DEVICES = (
    # At a login, whichever way: which browser it is in, what was new before, and what is too old to be kept.
    """
    CREATE FUNCTION identity.meet_device(p_token bytea, p_cookie bytea, p_browser text, p_keep interval)
    RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
        met uuid;
    BEGIN
        SELECT s.session_id, s.person_id, s.handle_key, s.started_at INTO here
        FROM identity.session s WHERE s.token_hash = sha256(p_token) AND s.ended_at IS NULL;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        INSERT INTO identity.device AS d (person_id, cookie_hash, browser)
        VALUES (here.person_id, sha256(p_cookie), p_browser)
        ON CONFLICT (person_id, cookie_hash)
        DO UPDATE SET browser = excluded.browser, last_seen_at = now()
        RETURNING d.device_id INTO met;
        -- Logged in again in the same place: what was new before the interruption still is.
        UPDATE identity.session s SET device_id = met, browser = p_browser,
            new_since = coalesce(
                (SELECT b.new_since FROM identity.session b
                 WHERE b.person_id = here.person_id AND b.handle_key = here.handle_key
                   AND b.started_at < here.started_at AND b.last_used_at > now() - interval '2 hours'
                 ORDER BY b.started_at DESC LIMIT 1),
                s.new_since)
        WHERE s.session_id = here.session_id;
        DELETE FROM identity.session s WHERE s.started_at < now() - p_keep AND s.expires_at < now();
        DELETE FROM identity.refused_login r WHERE r.at < now() - p_keep;
        DELETE FROM identity.device d WHERE d.last_seen_at < now() - p_keep;
    END
    $$
    """,
    # For a number that belongs to nobody here there is nobody to tell.
    """
    CREATE FUNCTION identity.refuse_login(p_system text, p_value text, p_why text, p_browser text) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        INSERT INTO identity.refused_login (person_id, why, browser)
        SELECT i.person_id, p_why, p_browser FROM identity.person_identifier i
        WHERE i.system = p_system AND i.value = p_value
    $$
    """,
)

OWN = (
    # Newest first. p_session is the one that asks; the person is the one whom the signed context names.
    """
    CREATE FUNCTION identity.own_sessions(p_session uuid, p_most integer)
    RETURNS TABLE (
        session_id uuid, device_id uuid, this boolean, open boolean, method text, browser text,
        started_at timestamptz, last_used_at timestamptz, ended_at timestamptz, why text
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT * FROM (
            SELECT s.session_id, s.device_id, s.session_id = p_session, identity.is_open(s), s.method, s.browser,
                s.started_at, s.last_used_at,
                identity.over_at(s), identity.why_over(s)
            FROM identity.session s
            WHERE s.person_id = access.actor() AND access.session_id() = p_session
            UNION ALL
            SELECT NULL, NULL, false, false, 'refused', r.browser, r.at, r.at, r.at, r.why
            FROM identity.refused_login r
            WHERE r.person_id = access.actor() AND access.session_id() = p_session
        ) AS logins (session_id, device_id, this, open, method, browser, started_at, last_used_at, ended_at, why)
        ORDER BY open DESC, started_at DESC, session_id LIMIT p_most
    $$
    """,
    """
    CREATE FUNCTION identity.own_devices(p_session uuid)
    RETURNS TABLE (device_id uuid, browser text, first_seen_at timestamptz, last_seen_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT d.device_id, d.browser, d.first_seen_at, d.last_seen_at FROM identity.device d
        WHERE d.person_id = access.actor() AND access.session_id() = p_session
        ORDER BY d.last_seen_at DESC, d.device_id LIMIT 50
    $$
    """,
    """
    CREATE FUNCTION identity.end_own_session(p_session uuid) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH ended AS (
            UPDATE identity.session s SET ended_at = now(), ended_why = 'elsewhere'
            WHERE s.session_id = p_session AND s.person_id = access.actor() AND identity.is_open(s) RETURNING 1
        )
        SELECT EXISTS (SELECT FROM ended)
    $$
    """,
    """
    CREATE FUNCTION identity.end_other_sessions() RETURNS integer
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH ended AS (
            UPDATE identity.session s SET ended_at = now(), ended_why = 'elsewhere'
            WHERE s.person_id = access.actor() AND s.session_id <> access.session_id() AND identity.is_open(s)
            RETURNING 1
        )
        SELECT count(*)::integer FROM ended
    $$
    """,
)

# Nobody but the functions above.
ROW_SECURITY = tuple(
    statement
    for table in ("identity.device", "identity.refused_login")
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY functions ON {table} TO innsyn_owner USING (true) WITH CHECK (true)",
    )
)

# Read only by the functions above.
_INNER = (
    "identity.is_open(identity.session), identity.over_at(identity.session), identity.why_over(identity.session),"
    " identity.mark_of(uuid, uuid), identity.session_changed(), identity.person_changed()"
)
_FUNCTIONS = (
    "identity.how_it_is(bytea), identity.stay(bytea), access.still_open(bytea, text),"
    " identity.meet_device(bytea, bytea, text, interval), identity.refuse_login(text, text, text, text),"
    " identity.own_sessions(uuid, integer), identity.own_devices(uuid), identity.end_own_session(uuid),"
    " identity.end_other_sessions()"
)
GRANTS = (
    f"REVOKE EXECUTE ON FUNCTION {_FUNCTIONS}, {_INNER} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_FUNCTIONS} TO innsyn_web",
)
