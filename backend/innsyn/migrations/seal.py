"""Who may do what with the log and its seals: nobody changes either; one role reads and seals, one role reads."""

STORED = (
    # Hashes cannot be compressed: do not try.
    "ALTER TABLE access.seal ALTER COLUMN leaves SET STORAGE EXTERNAL",
)

ROW_SECURITY = (
    "ALTER TABLE access.seal ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access.seal FORCE ROW LEVEL SECURITY",
    "CREATE POLICY everybodys ON access.log FOR SELECT TO innsyn_sealer, innsyn_auditor USING (true)",
    "CREATE POLICY all_of_them ON access.seal FOR SELECT TO innsyn_sealer, innsyn_auditor USING (true)",
    "CREATE POLICY sealed ON access.seal FOR INSERT TO innsyn_sealer WITH CHECK (true)",
    # For the proof of one's own rows. What others have done stands there as hashes alone.
    """
    CREATE POLICY proofs ON access.seal FOR SELECT TO innsyn_web
    USING ((SELECT access.subject()) IS NOT NULL AND (SELECT access.own()))
    """,
)

GRANTS = (
    "GRANT USAGE ON SCHEMA access TO innsyn_sealer, innsyn_auditor",
    "GRANT SELECT ON access.log, access.seal TO innsyn_sealer, innsyn_auditor",
    "GRANT INSERT ON access.seal TO innsyn_sealer",
    "GRANT SELECT ON access.seal TO innsyn_web",
)
