"""What the migration of notices needs beyond tables: lists, links, hearing of access, row-level security and grants."""

FUNCTIONS = (
    # Whoever is here; in a preview nobody, because it shows what a helper would see.
    """
    CREATE FUNCTION notice.here() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE WHEN access.own() OR access.actor() <> access.subject() THEN access.actor() END
    $$
    """,
    """
    CREATE FUNCTION notice.mine(p_most integer)
    RETURNS TABLE (notice_id uuid, handle text, name text, kind text, at timestamptz, seen boolean)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT l.notice_id, CASE WHEN l.person_id <> me.person_id THEN access.handle_of(me.handle_key, l.person_id)
            ELSE '' END, p.name, l.kind, l.at, l.seen
        FROM identity.session me
        CROSS JOIN LATERAL notice.list_of(me.person_id, false, p_most) l
        JOIN identity.person p ON p.person_id = l.person_id
        WHERE me.session_id = access.session_id() AND me.person_id = notice.here()
    $$
    """,
    # The number beside the list: at most a hundred are counted.
    """
    CREATE FUNCTION notice.unseen() RETURNS integer
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT count(*)::integer FROM notice.list_of(notice.here(), true, 100)
    $$
    """,
    # Where a notice leads: seen from then on. No row: not there, somebody else's, or not to be read any more.
    """
    CREATE FUNCTION notice.follow(p_notice uuid)
    RETURNS TABLE (kind text, handle text, item uuid, place text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        me record;
        n record;
        r record;
    BEGIN
        SELECT s.person_id, s.handle_key INTO me FROM identity.session s
        WHERE s.session_id = access.session_id() AND s.person_id = notice.here();
        SELECT x.* INTO n FROM notice.notice x WHERE x.receiver_id = me.person_id AND x.notice_id = p_notice;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        SELECT x.* INTO r FROM notice.readable(me.person_id, n.person_id, ARRAY[p_notice], false) x;
        IF r.opens_at IS NULL OR r.opens_at > now() THEN
            RETURN;
        END IF;
        UPDATE notice.notice x SET seen_at = now()
        WHERE x.receiver_id = me.person_id AND x.notice_id = p_notice AND x.seen_at IS NULL;
        kind := n.kind;
        handle := CASE WHEN n.person_id <> me.person_id THEN access.handle_of(me.handle_key, n.person_id) ELSE '' END;
        item := n.item;
        place := r.place;
        RETURN NEXT;
    END
    $$
    """,
    # Of what the page showed, which its form names: what has come since is not read.
    """
    CREATE FUNCTION notice.see_all(p_shown uuid[]) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        me uuid := access.actor();
        number integer;
    BEGIN
        IF me IS NULL OR NOT access.acts(0, false, 'notices.%') THEN
            RETURN 0;
        END IF;
        UPDATE notice.notice n SET seen_at = now()
        WHERE n.receiver_id = me AND n.seen_at IS NULL AND n.notice_id IN (
            SELECT l.notice_id FROM notice.list_of(me, true, 100) l WHERE l.notice_id = ANY (p_shown));
        GET DIAGNOSTICS number = ROW_COUNT;
        RETURN number;
    END
    $$
    """,
    # After somebody has chosen anew: what waits is looked at again, and goes as is chosen now.
    """
    CREATE FUNCTION notice.look_again() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        UPDATE notice.notice n SET send_at = n.due_at
        WHERE n.receiver_id = access.actor() AND n.state = 'queued' AND n.send_at <> n.due_at
          AND access.acts(0, false, 'notices.%')
    $$
    """,
    # Of whose access somebody is to hear: the giver that a code was used or that the other one left, the receiver that
    # it is theirs. Whoever has lost access hears nothing.
    """
    CREATE FUNCTION notice.tell_of_fullmakt() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        who uuid;
    BEGIN
        IF NEW.from_state = NEW.to_state OR NEW.to_state NOT IN ('claimed', 'active', 'ended', 'declined') THEN
            RETURN NULL;
        END IF;
        SELECT CASE WHEN NEW.to_state = 'active' THEN f.receiver_id ELSE f.giver_id END INTO who
        FROM access.fullmakt f WHERE f.giver_id = NEW.giver_id AND f.fullmakt_id = NEW.fullmakt_id;
        IF who IS NULL OR who = NEW.actor_id THEN
            RETURN NULL;
        END IF;
        INSERT INTO notice.notice (receiver_id, person_id, kind, item, key, due_at, send_at)
        VALUES (who, who, 'access', NEW.fullmakt_id, sha256(convert_to(
            concat_ws(chr(31), 'access', who, NEW.fullmakt_id, NEW.to_state, now()), 'UTF8')), now(), now())
        ON CONFLICT DO NOTHING;
        -- What the giver already waits for opens for the receiver at the same time, if at all.
        IF NEW.to_state = 'active' THEN
            INSERT INTO notice.notice AS had (receiver_id, person_id, kind, item, key, said, due_at, send_at)
            SELECT who, n.person_id, n.kind, n.item, n.key, n.said, n.due_at, n.due_at
            FROM notice.notice n
            WHERE n.receiver_id = NEW.giver_id AND n.person_id = NEW.giver_id AND n.state = 'queued'
              AND n.due_at > now() AND n.kind <> 'access'
            -- They had access before, and it had ended when this was due.
            ON CONFLICT (receiver_id, key) DO UPDATE
            SET state = 'queued', why = '', due_at = excluded.due_at, send_at = excluded.send_at
            WHERE had.state = 'dropped' AND had.sent_at IS NULL AND had.seen_at IS NULL;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER tell_of_fullmakt AFTER INSERT ON access.fullmakt_event
    FOR EACH ROW EXECUTE FUNCTION notice.tell_of_fullmakt()
    """,
    # Whoever sends is woken; what is due, and whether it is, stands in the table.
    """
    CREATE FUNCTION notice.changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF EXISTS (SELECT FROM fresh f WHERE f.send_at <= now()) THEN
            PERFORM pg_notify('notice_due', '');
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER changed AFTER INSERT ON notice.notice REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION notice.changed()
    """,
)

_ALL = ("notice", "choice", "hours", "contact", "sending")
_OWN = "receiver_id = (SELECT access.actor())"
_CHOOSES = f"{_OWN} AND (SELECT access.acts(0, false, 'notices.%'))"

ROW_SECURITY = (
    *(
        f"ALTER TABLE notice.{table} {verb} ROW LEVEL SECURITY"
        for table in _ALL
        for verb in ("ENABLE", "FORCE")
    ),
    *(
        f"CREATE POLICY sending ON notice.{table} TO innsyn_worker USING (true) WITH CHECK (true)"
        for table in _ALL
    ),
    # About nobody: whom a form is for, its own codes say.
    "CREATE POLICY telling ON form.questionnaire FOR SELECT TO innsyn_owner USING (true)",
    "CREATE POLICY functions ON notice.notice TO innsyn_owner USING (true) WITH CHECK (true)",
    *(
        statement
        for table in ("choice", "hours")
        for statement in (
            f"CREATE POLICY own ON notice.{table} FOR SELECT TO innsyn_web USING ({_OWN})",
            f"CREATE POLICY chosen ON notice.{table} FOR INSERT TO innsyn_web WITH CHECK ({_CHOOSES})",
            f"CREATE POLICY changed ON notice.{table} FOR UPDATE TO innsyn_web USING ({_OWN}) WITH CHECK ({_CHOOSES})",
        )
    ),
    f"CREATE POLICY own ON notice.contact FOR SELECT TO innsyn_web USING ({_OWN})",
    # Whether somebody has read lately what they are to be told of, in the context of the question above.
    """
    CREATE POLICY read_lately ON access.log FOR SELECT TO innsyn_owner
    USING (subject_id = (SELECT access.subject()) AND actor_id = (SELECT access.actor()))
    """,
)

_INNER = (
    "notice.seen_as_opened(uuid, uuid, uuid[], integer), notice.may_fill(form.task, integer),"
    " notice.list_of(uuid, boolean, integer), notice.here(),"
    " notice.tell_of_fullmakt(), notice.changed()"
)
_READABLE = "notice.readable(uuid, uuid, uuid[], boolean)"
_ASKED = (
    "notice.mine(integer), notice.unseen(), notice.follow(uuid), notice.see_all(uuid[]), notice.look_again()"
)

GRANTS = (
    "GRANT USAGE ON SCHEMA notice TO innsyn_web, innsyn_worker",
    f"REVOKE EXECUTE ON FUNCTION {_INNER}, {_READABLE}, {_ASKED} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_READABLE}, notice.list_of(uuid, boolean, integer) TO innsyn_worker",
    f"GRANT EXECUTE ON FUNCTION {_ASKED} TO innsyn_web",
    *(f"GRANT SELECT, INSERT, UPDATE, DELETE ON notice.{table} TO innsyn_worker" for table in _ALL),
    *(f"GRANT SELECT, INSERT, UPDATE ON notice.{table} TO innsyn_web" for table in ("choice", "hours")),
    "GRANT SELECT ON notice.contact TO innsyn_web",
    # Whoever has been here is told; nothing is queued for others.
    "GRANT SELECT (person_id) ON identity.accepted_terms TO innsyn_worker",
    "CREATE POLICY been_here ON identity.accepted_terms FOR SELECT TO innsyn_worker USING (true)",
)
