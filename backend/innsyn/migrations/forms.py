"""What the migration of forms needs beyond tables: who may see and fill in, row-level security and grants.

Every table of forms that is about a person asks these two beside whose row it is:

    person_id = (SELECT access.subject()) AND (SELECT form.may_read())   -- FOR SELECT
    person_id = (SELECT access.subject()) AND (SELECT form.may_fill())   -- FOR INSERT, UPDATE, DELETE

(and `author_id = (SELECT access.actor())` where a row is the author's own). Who may fill in which form, by its own
codes, is asked in the application (forms/permission.py): the database knows whose record is open and which
capabilities the permit has.
"""

_FORMS = 8

SCHEMA = ("CREATE SCHEMA IF NOT EXISTS form",)

FUNCTIONS = (
    # Whether whoever has opened this record may see its forms: the person, or somebody whose permit in force says so.
    # False where no record is open.
    f"""
    CREATE FUNCTION form.may_read() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        opened text[] := access.opened();
        subject uuid := nullif(opened[1], '')::uuid;
        actor uuid := opened[2]::uuid;
    BEGIN
        IF subject IS NULL THEN
            RETURN false;
        END IF;
        -- In a preview the actor is the subject, and sees what the permit that is previewed would show.
        RETURN opened[5]::boolean OR EXISTS (
            SELECT FROM access.permit p
            WHERE p.subject_id = subject AND p.actor_id = actor AND p.audience <> 0
              AND p.capabilities & {_FORMS} = {_FORMS} AND p.valid_from <= now() AND p.valid_until > now()
              AND (p.subject_id <> p.actor_id OR p.origin = 'preview')
        );
    END
    $$
    """,
    # Whether this transaction is an act of filling in forms (its purpose begins with `forms.`) by somebody who may.
    f"""
    CREATE FUNCTION form.may_fill() RETURNS boolean
    LANGUAGE sql STABLE
    AS $$ SELECT form.may_read() AND access.acts({_FORMS}, false, 'forms.%') $$
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
    "REVOKE EXECUTE ON FUNCTION form.may_read(), form.may_fill() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION form.may_read(), form.may_fill() TO innsyn_web, innsyn_worker",
    "GRANT SELECT ON form.questionnaire, form.value_set, form.task TO innsyn_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON form.questionnaire, form.value_set, form.task TO innsyn_worker",
)
