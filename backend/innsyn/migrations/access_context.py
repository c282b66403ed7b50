"""The context of a transaction: whose record is open, by whom, as which group of readers, signed.

It is one transaction-local setting, `innsyn.context`. Anybody who can run SQL can write a setting, so it is signed with
a key that only the owner of these functions reads, over the number of this very transaction: what an injected statement
writes there is nobody's, and what it copies is worth nothing in the next transaction.
"""

CONTEXT = (
    # 32 bytes, of which PostgreSQL's own generator makes 244 bits at random.
    """
    INSERT INTO access.context_key (key)
    VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    """,
    # subject|actor|session|audience|own|kinds|hidden|transaction|signature. Lists are separated by commas; of kinds, *
    # is all of them.
    """
    CREATE FUNCTION access.set_context(
        p_subject uuid, p_actor uuid, p_session uuid, p_audience integer, p_own boolean, p_kinds text[],
        p_hidden uuid[]
    )
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        k bytea := (SELECT key FROM access.context_key);
        said text := concat_ws('|', p_subject, p_actor, p_session, p_audience, p_own,
            coalesce(array_to_string(p_kinds, ','), '*'), array_to_string(p_hidden, ','), pg_current_xact_id());
    BEGIN
        PERFORM set_config('innsyn.context',
            said || '|' || encode(sha256(k || sha256(k || convert_to(said, 'UTF8'))), 'hex'), true);
    END
    $$
    """,
    # The parts of the context, NULL unless this transaction was given it.
    """
    CREATE FUNCTION access.opened() RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        -- After its first use in a connection an unset setting reads as '', not NULL.
        said text := nullif(current_setting('innsyn.context', true), '');
        parts text[] := string_to_array(said, '|');
        k bytea;
    BEGIN
        IF parts[8] = pg_current_xact_id_if_assigned()::text THEN
            k := (SELECT key FROM access.context_key);
            IF parts[9] = encode(sha256(k || sha256(k || convert_to(left(said, -65), 'UTF8'))), 'hex') THEN
                RETURN parts;
            END IF;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    # Whom the setting names, true or not: good for finding rows by an index, never for showing one.
    """
    CREATE FUNCTION access.said() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(split_part(current_setting('innsyn.context', true), '|', 1), '')::uuid $$
    """,
    # The subject, if the reader is the same person and may see the whole of it: what most readings are, told by one
    # evaluation.
    """
    CREATE FUNCTION access.whole() RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        said text := nullif(current_setting('innsyn.context', true), '');
        parts text[] := string_to_array(said, '|');
        k bytea;
    BEGIN
        IF parts[8] = pg_current_xact_id_if_assigned()::text AND parts[4] = '1' AND parts[5] = 't'
            AND parts[6] = '*'
        THEN
            k := (SELECT key FROM access.context_key);
            IF parts[9] = encode(sha256(k || sha256(k || convert_to(left(said, -65), 'UTF8'))), 'hex') THEN
                RETURN parts[1]::uuid;
            END IF;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    # Of anybody else: all from one context, so that no two can be mixed.
    """
    CREATE FUNCTION access.admits(
        p_opened text[], p_person uuid, p_audience integer, p_kind text, p_at timestamptz, p_entry uuid
    )
    RETURNS boolean LANGUAGE plpgsql STABLE
    AS $$
    BEGIN
        RETURN coalesce(
            p_opened[1] = p_person::text AND p_opened[4]::integer & p_audience <> 0
            AND (p_opened[6] = '*' OR (
                p_kind = ANY (string_to_array(p_opened[6], ','))
                AND (p_kind <> 'encounters' OR p_at > now()
                     OR 'encounters.past' = ANY (string_to_array(p_opened[6], ',')))
            ))
            -- Looked for as it stands: to take the list apart for every row would tell by the clock how long it is.
            AND strpos(p_opened[7], p_entry::text) = 0,
            false);
    END
    $$
    """,
    (
        "CREATE OR REPLACE FUNCTION access.subject() RETURNS uuid LANGUAGE sql STABLE"
        " AS $$ SELECT (access.opened())[1]::uuid $$"
    ),
    (
        "CREATE FUNCTION access.actor() RETURNS uuid LANGUAGE sql STABLE"
        " AS $$ SELECT (access.opened())[2]::uuid $$"
    ),
    (
        "CREATE FUNCTION access.session_id() RETURNS uuid LANGUAGE sql STABLE"
        " AS $$ SELECT (access.opened())[3]::uuid $$"
    ),
    (
        "CREATE FUNCTION access.audience() RETURNS integer LANGUAGE sql STABLE"
        " AS $$ SELECT (access.opened())[4]::integer $$"
    ),
    # The own record, by oneself, and not as somebody else would see it.
    (
        "CREATE FUNCTION access.own() RETURNS boolean LANGUAGE sql STABLE"
        " AS $$ SELECT coalesce((access.opened())[5]::boolean, false) $$"
    ),
)
