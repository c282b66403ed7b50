"""What the migration of a fullmakt for one form changes where forms are read and written.

Beside whoever may answer the forms of a record (form.may_read) stands whoever may answer some of them: their tasks are
named in the permit. An act of theirs is one of capability 32 (access.acts), and every row that it meets is of one of
those tasks and, but for the task itself, their own.
"""

_GIVEN = "ANY ((SELECT form.given_tasks())::uuid[])"
_SUBJECT = "person_id = (SELECT access.subject())"
_AUTHOR = f"{_SUBJECT} AND author_id = (SELECT access.actor()) AND (author_id <> person_id OR (SELECT access.own()))"
_MAY = "(SELECT form.may_read())"
_MINE = f"{_AUTHOR} AND ({_MAY} OR task_id = {_GIVEN})"
_HERE = "(session_id IS NULL OR session_id = (SELECT access.session_id()))"
_OF_A_DRAFT = """
    EXISTS (SELECT FROM form.draft d WHERE d.person_id = draft_kept.person_id AND d.draft_id = draft_kept.draft_id)
"""
_READS_SENT = f"""
    {_SUBJECT} AND ((SELECT access.own())
        OR (is_shared OR author_id = (SELECT access.actor())) AND {_MAY}
        OR author_id = (SELECT access.actor()) AND task_id = {_GIVEN})
"""
_FORMS = "((SELECT access.acts(8, false, 'forms.%')) OR (SELECT access.acts(32, false, 'forms.%')))"
_SENDS = "((SELECT access.acts(8, false, 'forms.send')) OR (SELECT access.acts(32, false, 'forms.send')))"
# As in migrations/acts_doors.py, and an answer to a task that was given.
_LEAVING = f"""
    access.acts(CASE resource_type
        WHEN 'Communication' THEN 2
        WHEN 'Appointment' THEN 4
        WHEN 'QuestionnaireResponse' THEN 8
        WHEN 'Consent' THEN 16
        ELSE 0 END, false, '%') AND NOT access.acts(32, false, '%')
    OR resource_type = 'QuestionnaireResponse' AND access.acts(32, false, 'forms.send')
        AND conversation = {_GIVEN}
"""


def _with_it(table: str) -> str:
    # Whoever asks sees what row-level security of that table shows them, and nothing beyond.
    return f"EXISTS (SELECT FROM form.{table} t WHERE t.person_id = file.person_id AND t.draft_id = file.draft_id)"


FUNCTIONS = (
    # The tasks that whoever has opened this record may answer, because each was given. In a preview those of the one
    # permit that is previewed: its kinds are those of the context. '{}' for nobody, and for everybody else.
    """
    CREATE FUNCTION form.given_tasks() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT coalesce(array_agg(substr(kind, 6)::uuid), '{}')
        FROM access.permit p CROSS JOIN unnest(p.kinds) AS kind
        WHERE p.subject_id = access.subject() AND p.actor_id = access.actor()
          AND p.valid_from <= clock_timestamp() AND p.valid_until > clock_timestamp()
          AND p.audience <> 0 AND p.capabilities & 32 = 32
          AND kind ~ '^form:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
          AND (p.subject_id <> p.actor_id
               OR p.origin = 'preview' AND array_to_string(p.kinds, ',') = (access.opened())[6])
    $$
    """,
    # As before (migrations/drafts.py), also for whoever has sent it themselves by what was given.
    """
    CREATE OR REPLACE FUNCTION form.how_sent(p_author uuid, p_key uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT json_build_object('state', o.state, 'queued', o.queued_at, 'answered', o.answered_at,
            'author', p.name)::text
        FROM journal.outbox o JOIN identity.person p ON p.person_id = o.author_id
        WHERE o.person_id = access.subject() AND o.author_id = p_author AND o.key = p_key
          AND o.resource_type = 'QuestionnaireResponse'
          AND (form.may_read() OR o.author_id = access.actor() AND o.conversation = ANY (form.given_tasks()))
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION form.is_answered(p_task uuid, p_asked timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT (form.may_read() OR p_task = ANY (form.given_tasks())) AND EXISTS (
            SELECT FROM form.sent s
            WHERE s.person_id = access.subject() AND s.occasion = p_task AND s.task_id = p_task
              AND s.sent_at >= p_asked)
    $$
    """,
    # What the form of a fullmakt is called: to the giver, and to the receiver while it is in force. What somebody is
    # asked about can tell of their health, so whoever has only used the code is not told.
    """
    CREATE FUNCTION form.title_given(p_fullmakt uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT t.title FROM access.fullmakt f
        JOIN form.task t ON t.person_id = f.giver_id AND 'form:' || t.task_id = ANY (f.kinds)
        JOIN identity.person g ON g.person_id = f.giver_id
        JOIN identity.person me ON me.person_id = access.actor()
        WHERE f.fullmakt_id = p_fullmakt AND access.own() AND (
            f.giver_id = access.actor()
            OR f.receiver_id = access.actor() AND f.state = 'active' AND f.permit_until > now()
               AND NOT (g.secret OR g.deceased OR me.secret OR me.deceased))
    $$
    """,
    # What a form is called that the person here may give to somebody: one of their own, that is not answered.
    """
    CREATE FUNCTION form.title_to_give(p_task uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT t.title FROM form.task t
        WHERE access.own() AND t.person_id = access.subject() AND t.task_id = p_task
          AND t.state NOT IN ('completed', 'cancelled') AND NOT form.is_answered(t.task_id, t.asked_at)
    $$
    """,
    # Whether somebody has ever been given this one form: what they have begun by it is the giver's to take over.
    """
    CREATE FUNCTION form.was_given(p_giver uuid, p_helper uuid, p_task uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM access.fullmakt f
            WHERE f.giver_id = p_giver AND f.receiver_id = p_helper AND f.level = 'form'
              AND 'form:' || p_task = ANY (f.kinds))
    $$
    """,
    # What has been begun by whoever was given the form: who, and when it was last kept. To the person alone.
    """
    CREATE FUNCTION form.begun_by_helpers(p_task uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT json_agg(json_build_object('name', p.name, 'draft_id', d.draft_id, 'saved_at', d.saved_at)
            ORDER BY d.saved_at DESC)::text
        FROM form.draft d JOIN identity.person p ON p.person_id = d.author_id
        WHERE access.own() AND d.person_id = access.subject() AND d.task_id = p_task AND d.session_id IS NULL
          AND d.author_id <> d.person_id AND form.was_given(d.person_id, d.author_id, p_task)
    $$
    """,
    # It becomes the person's own draft, with its files. NULL where there is none, or they have begun one themselves.
    """
    CREATE FUNCTION form.take_over(p_task uuid, p_draft uuid) RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        me uuid := access.actor();
        helper uuid;
    BEGIN
        IF NOT access.own() OR NOT access.acts(8, false, 'forms.take') THEN
            RAISE insufficient_privilege USING MESSAGE = 'nobody here who may take over a draft';
        END IF;
        SELECT d.author_id INTO helper FROM form.draft d
        WHERE d.person_id = me AND d.draft_id = p_draft AND d.task_id = p_task AND d.session_id IS NULL
          AND d.author_id <> me AND form.was_given(d.person_id, d.author_id, p_task);
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        -- What the helper is keeping right now is kept first, or is not theirs to keep any longer.
        PERFORM pg_advisory_xact_lock(hashtextextended('access.act' || helper::text, 0));
        UPDATE form.draft d SET author_id = me
        WHERE d.person_id = me AND d.draft_id = p_draft AND d.author_id = helper AND NOT EXISTS (
            SELECT FROM form.draft o WHERE o.person_id = me AND o.author_id = me AND o.occasion = p_task);
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        UPDATE form.draft_kept k SET author_id = me WHERE k.person_id = me AND k.draft_id = p_draft;
        UPDATE form.file x SET author_id = me WHERE x.person_id = me AND x.draft_id = p_draft;
        RETURN p_draft;
    END
    $$
    """,
)

_HANDED_OVER = f"{_SUBJECT} AND (SELECT access.own())"
POLICIES = (
    f"ALTER POLICY opened_record ON form.task USING ({_SUBJECT} AND ({_MAY} OR task_id = {_GIVEN}))",
    "CREATE POLICY functions ON form.task FOR SELECT TO innsyn_owner USING (true)",
    f"ALTER POLICY authors ON form.draft USING ({_MINE} AND {_HERE}) WITH CHECK ({_MINE} AND {_HERE})",
    # Whose draft it is, and for which task, the draft itself says: it is made in the same statement.
    f"""
    ALTER POLICY authors ON form.draft_kept USING ({_AUTHOR} AND {_OF_A_DRAFT})
    WITH CHECK ({_AUTHOR} AND ({_MAY} OR cardinality((SELECT form.given_tasks())) > 0))
    """,
    f"ALTER POLICY readers ON form.sent USING ({_READS_SENT})",
    f"ALTER POLICY authors ON form.sent WITH CHECK ({_MINE} AND {_SENDS})",
    f"ALTER POLICY authors ON form.file USING ({_AUTHOR} AND {_with_it('draft')})",
    f"ALTER POLICY added ON form.file WITH CHECK ({_AUTHOR} AND {_FORMS} AND {_with_it('draft')})",
    f"""
    ALTER POLICY removed ON form.file
    USING ({_AUTHOR} AND {_FORMS} AND {_with_it("draft")} AND NOT {_with_it("sent")})
    """,
    *(f"ALTER POLICY by_an_act_{verb} ON form.draft USING ({_FORMS})" for verb in ("update", "delete")),
    f"ALTER POLICY by_an_act_insert ON form.draft WITH CHECK ({_FORMS})",
    f"ALTER POLICY by_an_act_delete ON form.draft_kept USING ({_FORMS})",
    f"ALTER POLICY by_an_act_insert ON form.draft_kept WITH CHECK ({_FORMS})",
    f"ALTER POLICY by_an_act_insert ON journal.outbox WITH CHECK ({_LEAVING})",
    *(
        statement
        for table in ("draft", "draft_kept", "file")
        for statement in (
            f"CREATE POLICY handed_over ON form.{table} FOR SELECT TO innsyn_owner USING ({_HANDED_OVER})",
            f"""
            CREATE POLICY taken_over ON form.{table} FOR UPDATE TO innsyn_owner USING ({_HANDED_OVER})
            WITH CHECK ({_HANDED_OVER} AND author_id = person_id AND (SELECT access.acts(8, false, 'forms.take')))
            """,
        )
    ),
)

_ASKED = (
    "form.given_tasks(), form.title_given(uuid), form.title_to_give(uuid),"
    " form.begun_by_helpers(uuid), form.take_over(uuid, uuid)"
)
GRANTS = (
    f"REVOKE EXECUTE ON FUNCTION {_ASKED} FROM PUBLIC",
    "REVOKE EXECUTE ON FUNCTION access.rule_of(text, integer, text) FROM PUBLIC",
    "REVOKE EXECUTE ON FUNCTION form.was_given(uuid, uuid, uuid) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_ASKED} TO innsyn_web",
)
