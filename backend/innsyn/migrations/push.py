"""What the migration of subscriptions needs beyond tables: who may have one, row-level security and grants."""

FUNCTIONS = (
    # A browser has one address at its push service, whoever is logged in there: the last who asked has it, and whoever
    # had it before is told of nothing there any more. Of more than twenty browsers the oldest is let go.
    """
    CREATE FUNCTION notice.subscribe(p_endpoint text, p_p256dh bytea, p_auth bytea, p_browser text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        me uuid := access.actor();
    BEGIN
        IF me IS NULL OR NOT access.acts(0, false, 'notices.%') THEN
            RETURN false;
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('notice.subscription' || p_endpoint, 0));
        DELETE FROM notice.subscription s WHERE s.endpoint = p_endpoint;
        DELETE FROM notice.subscription s WHERE s.receiver_id = me AND s.subscription_id IN (
            SELECT o.subscription_id FROM notice.subscription o WHERE o.receiver_id = me
            ORDER BY o.made_at DESC, o.subscription_id OFFSET 19);
        INSERT INTO notice.subscription (receiver_id, endpoint, p256dh, auth, browser)
        VALUES (me, p_endpoint, p_p256dh, p_auth, p_browser);
        RETURN true;
    END
    $$
    """,
)

_OWN = "receiver_id = (SELECT access.actor())"
ROW_SECURITY = (
    "ALTER TABLE notice.subscription ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE notice.subscription FORCE ROW LEVEL SECURITY",
    "CREATE POLICY sending ON notice.subscription TO innsyn_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY functions ON notice.subscription TO innsyn_owner USING (true) WITH CHECK (true)",
    f"CREATE POLICY own ON notice.subscription FOR SELECT TO innsyn_web USING ({_OWN})",
    f"""
    CREATE POLICY removed ON notice.subscription FOR DELETE TO innsyn_web
    USING ({_OWN} AND (SELECT access.acts(0, false, 'notices.%')))
    """,
)

_SUBSCRIBE = "notice.subscribe(text, bytea, bytea, text)"
GRANTS = (
    f"REVOKE EXECUTE ON FUNCTION {_SUBSCRIBE} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_SUBSCRIBE} TO innsyn_web",
    # Where the browser is reached, and its keys, are for whoever sends.
    """
    GRANT SELECT (receiver_id, subscription_id, browser, made_at, reached_at), DELETE
    ON notice.subscription TO innsyn_web
    """,
    "GRANT SELECT, DELETE, UPDATE (reached_at) ON notice.subscription TO innsyn_worker",
)
