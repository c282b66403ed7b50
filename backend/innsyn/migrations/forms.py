"""What the migration of forms needs beyond tables: who may see them, row-level security and grants.

Every table of forms that is about a person asks this beside whose row it is:

    person_id = (SELECT access.subject()) AND (SELECT form.may_read())

(and `author_id = (SELECT access.actor())` where a row is the author's own), and what is written there, whether it is an
act of filling in: `access.acts(8, false, 'forms.%')`. Who may fill in which form, by its own codes, is asked in the
application (forms/permission.py): the database knows whose record is open and which capabilities the permit has.
"""

SCHEMA = ("CREATE SCHEMA IF NOT EXISTS form",)

FUNCTIONS = (
    # Whether whoever has opened this record may see its forms: the person, or somebody whose permit in force says so.
    # (A reading tells no capabilities.) In a preview the actor is the subject, and sees what a permit that is previewed
    # would show. False where no record is open.
    """
    CREATE FUNCTION form.may_read() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT access.own() OR EXISTS (
            SELECT FROM access.permit p
            WHERE p.subject_id = access.subject() AND p.actor_id = access.actor()
              AND p.valid_from <= clock_timestamp() AND p.valid_until > clock_timestamp()
              AND p.audience <> 0 AND p.capabilities & 8 = 8
              AND (p.subject_id <> p.actor_id OR p.origin = 'preview'))
    $$
    """,
)

ROW_SECURITY = (
    *(
        f"ALTER TABLE form.{table} {verb} ROW LEVEL SECURITY"
        for table in ("questionnaire", "value_set", "task")
        for verb in ("ENABLE", "FORCE")
    ),
    *(
        f"CREATE POLICY feed ON form.{table} TO innsyn_worker USING (true) WITH CHECK (true)"
        for table in ("questionnaire", "value_set", "task")
    ),
    # About nobody: whoever may fill in a form has to see it.
    *(
        f"CREATE POLICY published ON form.{table} FOR SELECT TO innsyn_web USING (true)"
        for table in ("questionnaire", "value_set")
    ),
    """
    CREATE POLICY opened_record ON form.task FOR SELECT TO innsyn_web
    USING (person_id = (SELECT access.subject()) AND (SELECT form.may_read()))
    """,
)

GRANTS = (
    "GRANT USAGE ON SCHEMA form TO innsyn_web, innsyn_worker",
    "REVOKE EXECUTE ON FUNCTION form.may_read() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION form.may_read() TO innsyn_web",
    "GRANT SELECT ON form.questionnaire, form.value_set, form.task TO innsyn_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON form.questionnaire, form.value_set, form.task TO innsyn_worker",
)
