"""What the migration of drafts needs beyond tables: who sees and writes what, in the database's own words."""

_SUBJECT = "person_id = (SELECT access.subject())"
# In a preview the actor is the subject, and not as such: it shows what a helper would see, and that is no draft.
_MINE = f"""
    {_SUBJECT} AND author_id = (SELECT access.actor())
    AND (author_id <> person_id OR (SELECT access.own())) AND (SELECT form.may_read())
"""
_HERE = "(session_id IS NULL OR session_id = (SELECT access.session_id()))"
# Whoever asks sees what row-level security of drafts shows them: one that is only for a login is seen in no other.
_OF_A_DRAFT = """
    EXISTS (SELECT FROM form.draft d WHERE d.person_id = draft_kept.person_id AND d.draft_id = draft_kept.draft_id)
"""
_READS_SENT = f"""
    {_SUBJECT} AND ((SELECT access.own())
        OR (is_shared OR author_id = (SELECT access.actor())) AND (SELECT form.may_read()))
"""


def _act(purpose: str) -> str:
    return f"(SELECT access.acts(8, false, '{purpose}'))"


def _only(table: str, command: str) -> str:
    clause = "WITH CHECK" if command == "INSERT" else "USING"
    return (
        f"CREATE POLICY by_an_act_{command.lower()} ON {table} AS RESTRICTIVE FOR {command} TO innsyn_web "
        f"{clause} ({_act('forms.%')})"
    )


SCHEMA = (
    "CREATE SCHEMA IF NOT EXISTS form",
    "GRANT USAGE ON SCHEMA form TO innsyn_web, innsyn_worker",
)

FUNCTIONS = (
    # What a form may know of whom it is about.
    """
    CREATE FUNCTION form.about(OUT name text, OUT given_name text, OUT birth_date date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT p.name, p.given_name, p.birth_date FROM identity.person p WHERE p.person_id = access.subject()
    $$
    """,
    # How far what was sent has come, and who sent it, for whoever may read it: a helper sees no outbox but the own.
    """
    CREATE FUNCTION form.how_sent(p_author uuid, p_key uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT json_build_object('state', o.state, 'queued', o.queued_at, 'answered', o.answered_at,
            'author', p.name)::text
        FROM journal.outbox o JOIN identity.person p ON p.person_id = o.author_id
        WHERE o.person_id = access.subject() AND o.author_id = p_author AND o.key = p_key
          AND o.resource_type = 'QuestionnaireResponse' AND form.may_read()
    $$
    """,
    # Whether a task has been answered, by whomever, and nothing more: whoever may answer it as well has to know that it
    # needs no second answer, also where what was sent is not for them.
    """
    CREATE FUNCTION form.is_answered(p_task uuid, p_asked timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT form.may_read() AND EXISTS (
            SELECT FROM form.sent s
            WHERE s.person_id = access.subject() AND s.occasion = p_task AND s.task_id = p_task
              AND s.sent_at >= p_asked)
    $$
    """,
    # Drafts that were only for a login that is over: whoever begins a form takes them away, whosever they were.
    """
    CREATE FUNCTION form.forget_drafts() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        DELETE FROM form.draft d WHERE d.session_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM identity.session s WHERE s.session_id = d.session_id AND identity.is_open(s))
    $$
    """,
)

_TABLES = ("form.draft", "form.draft_kept", "form.sent")

ROW_SECURITY = (
    *(
        statement
        for table in _TABLES
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        )
    ),
    f"CREATE POLICY authors ON form.draft TO innsyn_web USING ({_MINE} AND {_HERE}) WITH CHECK ({_MINE} AND {_HERE})",
    f"CREATE POLICY authors ON form.draft_kept TO innsyn_web USING ({_MINE} AND {_OF_A_DRAFT}) WITH CHECK ({_MINE})",
    f"CREATE POLICY readers ON form.sent FOR SELECT TO innsyn_web USING ({_READS_SENT})",
    "CREATE POLICY functions ON form.sent FOR SELECT TO innsyn_owner USING (true)",
    f"CREATE POLICY authors ON form.sent FOR INSERT TO innsyn_web WITH CHECK ({_MINE} AND {_act('forms.send')})",
    "CREATE POLICY forgotten ON form.draft TO innsyn_owner USING (session_id IS NOT NULL) WITH CHECK (false)",
    *(_only("form.draft", command) for command in ("INSERT", "UPDATE", "DELETE")),
    *(_only("form.draft_kept", command) for command in ("INSERT", "DELETE")),
)

_ASKED = "form.about(), form.forget_drafts(), form.how_sent(uuid, uuid), form.is_answered(uuid, timestamptz)"

GRANTS = (
    f"REVOKE EXECUTE ON FUNCTION {_ASKED} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_ASKED} TO innsyn_web",
    """
    GRANT SELECT, INSERT, DELETE,
        UPDATE (questionnaire_id, saved_at, revision, step, answers, lost) ON form.draft TO innsyn_web
    """,
    "GRANT SELECT, INSERT, DELETE ON form.draft_kept TO innsyn_web",
    "GRANT SELECT, INSERT ON form.sent TO innsyn_web",
)
