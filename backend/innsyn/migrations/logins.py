"""What migration 0012 does for logins: a role of their own, which can log in and out and read nothing.

The web's role shows records. A statement with a hole in it, in a reading or in an act, could begin a session for
whoever it names, renew one under a token that somebody knows, or end everybody's, as long as the web's role may call
what does so. From here on it may not; the role that may has no way to a record.
"""

_LOG_IN = "bytea, bytea, boolean, text, text, text, text, text, text, interval, interval, timestamptz, text"
_UNLOCK = "bytea, bytea, bytea, bigint, boolean, interval, interval, interval, text"
_FUNCTIONS = (
    f"log_in({_LOG_IN})",
    f"unlock({_UNLOCK})",
    "passkey_with(bytea)",
    "give_challenge(bytea, bytea, text)",
    "take_challenge(bytea, bytea, text)",
    "meet_device(bytea, bytea, text, interval)",
    "refuse_login(text, text, text, text)",
    "locale_of(bytea)",
    "renew_session(bytea, bytea)",
    "end_session(bytea)",
    "end_by_provider(text, text, text)",
)
_SIGNATURES = ", ".join(f"identity.{each}" for each in _FUNCTIONS)
_TABLES = ("login_attempt", "logout_attempt", "logout_token")
_NAMES = ", ".join(f"identity.{each}" for each in _TABLES)

ROLE = (
    "GRANT USAGE ON SCHEMA identity TO innsyn_login",
    f"REVOKE EXECUTE ON FUNCTION {_SIGNATURES} FROM innsyn_web",
    f"GRANT EXECUTE ON FUNCTION {_SIGNATURES} TO innsyn_login",
    # What the first versions began sessions with.
    """
    REVOKE EXECUTE ON FUNCTION identity.start_session(bytea, text, text, text, text, text, interval, interval)
    FROM innsyn_web
    """,
    f"REVOKE ALL ON {_NAMES} FROM innsyn_web",
    f"GRANT SELECT, INSERT, DELETE ON {_NAMES} TO innsyn_login",
    *(f"ALTER POLICY attempts ON identity.{table} TO innsyn_login" for table in _TABLES),
)

# Whose a session is or was: a form is taken from the person for whom its page was made (access/sessions/forms.py).
WHOSE = (
    """
    CREATE FUNCTION identity.person_of(p_token bytea) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT person_id FROM identity.session WHERE token_hash = sha256(p_token) $$
    """,
    "REVOKE EXECUTE ON FUNCTION identity.person_of(bytea) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION identity.person_of(bytea) TO innsyn_web",
)

# Each way to find them by an index of its own: by the pseudonym alone all sessions of the provider were read.
BY_PROVIDER = (
    """
    CREATE OR REPLACE FUNCTION identity.end_by_provider(p_issuer text, p_sid text, p_sub text) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        ended integer;
    BEGIN
        IF p_sid <> '' THEN
            UPDATE identity.session SET ended_at = now(), ended_why = 'provider'
            WHERE issuer = p_issuer AND sid = p_sid AND ended_at IS NULL;
        ELSE
            UPDATE identity.session SET ended_at = now(), ended_why = 'provider'
            WHERE issuer = p_issuer AND sub = p_sub AND p_sub <> '' AND ended_at IS NULL;
        END IF;
        GET DIAGNOSTICS ended = ROW_COUNT;
        RETURN ended;
    END
    $$
    """,
)
