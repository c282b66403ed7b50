"""What the migration of files needs beyond tables: who sees and writes what, and that none outlives its draft."""

_SUBJECT = "person_id = (SELECT access.subject())"
# In a preview the actor is the subject, and not as such: it shows what a helper would see, and that is no draft.
_MINE = f"""
    {_SUBJECT} AND author_id = (SELECT access.actor())
    AND (author_id <> person_id OR (SELECT access.own())) AND (SELECT form.may_read())
"""
_ACT = "(SELECT access.acts(8, false, 'forms.%'))"


def _with_it(table: str) -> str:
    # Whoever asks sees what row-level security of that table shows them, and nothing beyond.
    return f"EXISTS (SELECT FROM form.{table} t WHERE t.person_id = file.person_id AND t.draft_id = file.draft_id)"


FUNCTIONS = (
    # A draft that is discarded or forgotten takes its files with it; one that was sent leaves them to what was sent.
    """
    CREATE FUNCTION form.forget_files() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        DELETE FROM form.file f
        WHERE f.person_id = OLD.person_id AND f.draft_id = OLD.draft_id AND NOT EXISTS (
            SELECT FROM form.sent s WHERE s.person_id = OLD.person_id AND s.draft_id = OLD.draft_id);
        RETURN NULL;
    END
    $$
    """,
    # When the transaction ends: until then it is being told what became of the draft.
    """
    CREATE CONSTRAINT TRIGGER files_go_with_it AFTER DELETE ON form.draft
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION form.forget_files()
    """,
)

ROW_SECURITY = (
    "ALTER TABLE form.file ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE form.file FORCE ROW LEVEL SECURITY",
    # Through its draft: one that is only for a login is seen in no other.
    f"CREATE POLICY authors ON form.file FOR SELECT TO innsyn_web USING ({_MINE} AND {_with_it('draft')})",
    f"CREATE POLICY readers ON form.file FOR SELECT TO innsyn_web USING ({_SUBJECT} AND {_with_it('sent')})",
    f"""
    CREATE POLICY added ON form.file FOR INSERT TO innsyn_web WITH CHECK ({_MINE} AND {_ACT} AND {_with_it("draft")})
    """,
    f"""
    CREATE POLICY removed ON form.file FOR DELETE TO innsyn_web
    USING ({_MINE} AND {_ACT} AND {_with_it("draft")} AND NOT {_with_it("sent")})
    """,
    "CREATE POLICY forgotten ON form.file TO innsyn_owner USING (true) WITH CHECK (false)",
)

GRANTS = (
    "REVOKE EXECUTE ON FUNCTION form.forget_files() FROM PUBLIC",
    "GRANT SELECT, INSERT, DELETE ON form.file TO innsyn_web",
)
