"""What migration 0012 asks of whoever writes: that it is an act, of the sort that writes there.

Policies that are RESTRICTIVE come on top of what was there: whose row it is, they leave to the others.
"""


def _any(purpose: str, capability: int = 1, *, fresh: bool = False) -> str:
    return f"(SELECT access.acts({capability}, {str(fresh).lower()}, '{purpose}'))"


def _only(table: str, command: str, asked: str, roles: str = "innsyn_web") -> str:
    clause = "WITH CHECK" if command == "INSERT" else "USING"
    name = f"by_an_act_{command.lower()}"
    return f"CREATE POLICY {name} ON {table} AS RESTRICTIVE FOR {command} TO {roles} {clause} ({asked})"


_MANAGE = 16
_BOTH = "innsyn_web, innsyn_owner"
_FULLMAKT = _any("fullmakt.%", _MANAGE)
# What a citizen writes to somebody, books and fills in takes the capability for it, in whosever record; a request of
# the own record takes all of it. Of other types it is enough that it is an act.
_LEAVING = """
    access.acts(CASE resource_type
        WHEN 'Communication' THEN 2
        WHEN 'Appointment' THEN 4
        WHEN 'QuestionnaireResponse' THEN 8
        WHEN 'Consent' THEN 16
        ELSE 0 END, false, '%')
"""

POLICIES = (
    *(_only("access.hidden", command, _any("choices.%")) for command in ("INSERT", "UPDATE", "DELETE")),
    *(_only("access.shown_now", command, _any("choices.%")) for command in ("INSERT", "UPDATE")),
    *(_only("access.release_wish", command, _any("wishes.%")) for command in ("INSERT", "UPDATE")),
    *(_only("access.wish_due", command, _any("%", 0)) for command in ("INSERT", "UPDATE")),
    _only("access.request", "INSERT", _any("blocks.ask", _MANAGE)),
    _only("access.request", "UPDATE", _any("blocks.lift", _MANAGE, fresh=True)),
    *(_only("access.permit", command, _any("fullmakt.preview", _MANAGE)) for command in ("INSERT", "DELETE")),
    *(_only("access.fullmakt", command, _FULLMAKT, _BOTH) for command in ("INSERT", "UPDATE")),
    _only("access.fullmakt_event", "INSERT", _FULLMAKT, "innsyn_owner"),
    *(
        _only("access.claim_try", command, _any("fullmakt.claim", _MANAGE), "innsyn_owner")
        for command in ("INSERT", "DELETE")
    ),
    _only("identity.kin_check", "INSERT", _any("kin.say")),
    _only("identity.accepted_terms", "INSERT", _any("start.accept"), "innsyn_owner"),
    _only("identity.passkey", "INSERT", _any("passkeys.make", fresh=True), "innsyn_owner"),
    _only("identity.passkey", "DELETE", _any("passkeys.remove"), "innsyn_owner"),
    _only("journal.outbox", "INSERT", _LEAVING, "innsyn_owner"),
)

FUNCTIONS = (
    # What a fullmakt opens grows only after a fresh login. (A policy sees no row as it was.)
    """
    CREATE FUNCTION access.fresh_to_widen() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        no_wider boolean := TG_OP = 'UPDATE' AND NEW.capabilities & ~OLD.capabilities = 0
            AND NEW.valid_until <= OLD.valid_until
            AND (OLD.kinds IS NULL OR coalesce(NEW.kinds <@ OLD.kinds, false));
    BEGIN
        IF NOT no_wider AND NOT access.acts(16, true, 'fullmakt.%') THEN
            RAISE insufficient_privilege USING MESSAGE = 'nobody here whom ID-porten has just seen';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    # The worker writes what follows from the law, and nothing of a fullmakt.
    """
    CREATE TRIGGER fresh_to_widen BEFORE INSERT OR UPDATE ON access.permit
    FOR EACH ROW WHEN (NEW.origin = 'fullmakt' AND current_user = 'innsyn_owner')
    EXECUTE FUNCTION access.fresh_to_widen()
    """,
    """
    CREATE OR REPLACE FUNCTION identity.end_own_session(p_session uuid) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH ended AS (
            UPDATE identity.session s SET ended_at = now(), ended_why = 'elsewhere'
            WHERE s.session_id = p_session AND s.person_id = access.actor() AND identity.is_open(s)
              AND access.acts(0, false, 'sessions.%')
            RETURNING 1
        )
        SELECT EXISTS (SELECT FROM ended)
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION identity.end_other_sessions() RETURNS integer
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH ended AS (
            UPDATE identity.session s SET ended_at = now(), ended_why = 'elsewhere'
            WHERE s.person_id = access.actor() AND s.session_id <> access.session_id() AND identity.is_open(s)
              AND access.acts(0, false, 'sessions.%')
            RETURNING 1
        )
        SELECT count(*)::integer FROM ended
    $$
    """,
)

GRANTS = (
    "REVOKE EXECUTE ON FUNCTION access.acts(integer, boolean, text), access.fresh_to_widen() FROM PUBLIC",
    "REVOKE EXECUTE ON FUNCTION access.only_logins(uuid, text) FROM PUBLIC",
    """
    REVOKE EXECUTE ON FUNCTION access.set_context(uuid, uuid, uuid, integer, boolean, text[], uuid[], text) FROM PUBLIC
    """,
    "GRANT EXECUTE ON FUNCTION access.acts(integer, boolean, text) TO innsyn_web",
)
