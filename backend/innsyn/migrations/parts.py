"""A feed read in parts: the key of a position, the numbers of landings, and what the worker may do with them."""

POSITION = (
    "ALTER TABLE journal.position ADD COLUMN part text NOT NULL DEFAULT ''",
    # One row for each feed: the lock is as short as the table, and the next statement is the key again.
    """
    -- squawk-ignore ban-drop-constraint
    ALTER TABLE journal.position DROP CONSTRAINT pk_position
    """,
    "ALTER TABLE journal.position ADD CONSTRAINT pk_position PRIMARY KEY (feed, part)",
    "COMMENT ON TABLE journal.position IS 'How far each part of a feed is read: committed with the rows'",
)

GRANTS = (
    "CREATE SEQUENCE journal.landing",
    "GRANT USAGE ON SEQUENCE journal.landing TO innsyn_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON journal.turn, journal.effect TO innsyn_worker",
    *(
        statement
        for table in ("identity.merged", "journal.turn", "journal.effect")
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY intake ON {table} TO innsyn_worker USING (true) WITH CHECK (true)",
        )
    ),
    "GRANT SELECT, INSERT, UPDATE, DELETE ON identity.merged TO innsyn_worker",
)
