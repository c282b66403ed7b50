"""What migration 0012 does about time: a helper's page may take as long with many hidden entries as with none.

The list of what is hidden was looked through as text for every row, and the array it stood in was taken apart each
time. Now the policy of entries asks for it once, as ids.
"""

FUNCTIONS = (
    # As access.opened(), without the hidden ones: short, because it is taken apart for every row.
    """
    CREATE FUNCTION access.opened_for() RETURNS text[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        parts text[] := access.opened();
    BEGIN
        parts[7] := '';
        RETURN parts;
    END
    $$
    """,
    # Of whom (first), and which. A statement with a hole can open one record and then another: what is asked together
    # has to be of one person.
    """
    CREATE FUNCTION access.kept_away() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        parts text[] := access.opened();
    BEGIN
        RETURN nullif(parts[1], '')::uuid || string_to_array(nullif(parts[7], ''), ',')::uuid[];
    END
    $$
    """,
)

_ENTRY = """
    person_id = (SELECT access.said())
    AND (release_at <= now() OR stub IS NOT NULL)
    AND (
        (person_id = (SELECT access.whole()) AND audience & 1 <> 0)
        OR (
            access.admits((SELECT access.opened_for()), person_id, audience, kind, occurred_at, entry_id)
            AND person_id = ((SELECT access.kept_away()))[1]
            -- Looked up, and not compared one by one.
            AND entry_id NOT IN (SELECT unnest(access.kept_away()))
        )
    )
"""
POLICIES = (f"ALTER POLICY opened_record ON record.entry USING ({_ENTRY})",)
GRANTS = (
    "REVOKE EXECUTE ON FUNCTION access.opened_for(), access.kept_away() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION access.opened_for(), access.kept_away() TO innsyn_web",
)
