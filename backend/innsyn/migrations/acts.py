"""What migration 0012 adds to the context of a transaction: what sort of transaction it is.

A reading opens a record and an act changes something in it. Both show the same rows, so the context says which it is,
and of an act what it may do, whether ID-porten has just seen the person, and what it is called. Whatever is planted in
a reading can then write nothing, and what is planted in an act only what that act may.

A reading is given the hash of the cookie and an act the cookie itself: from within a reading no act can begin.
"""

CONTEXT = (
    # subject|actor|session|audience|own|kinds|hidden|transaction|act|signature. The subject is '' where no
    # record is open. An act is capability,fresh,purpose, and a reading ''.
    """
    CREATE FUNCTION access.set_context(
        p_subject uuid, p_actor uuid, p_session uuid, p_audience integer, p_own boolean, p_kinds text[],
        p_hidden uuid[], p_act text
    )
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        k bytea := (SELECT key FROM access.context_key);
        said text := concat_ws('|', coalesce(p_subject::text, ''), p_actor, p_session, p_audience, p_own,
            coalesce(array_to_string(p_kinds, ','), '*'), array_to_string(p_hidden, ','), pg_current_xact_id(),
            p_act);
    BEGIN
        PERFORM set_config('innsyn.context',
            said || '|' || encode(sha256(k || sha256(k || convert_to(said, 'UTF8'))), 'hex'), true);
    END
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION access.opened() RETURNS text[]
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
            IF parts[10] = encode(sha256(k || sha256(k || convert_to(left(said, -65), 'UTF8'))), 'hex') THEN
                RETURN parts;
            END IF;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION access.whole() RETURNS uuid
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
            IF parts[10] = encode(sha256(k || sha256(k || convert_to(left(said, -65), 'UTF8'))), 'hex') THEN
                RETURN parts[1]::uuid;
            END IF;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    # As it was called until now: a reading.
    """
    CREATE OR REPLACE FUNCTION access.set_context(
        p_subject uuid, p_actor uuid, p_session uuid, p_audience integer, p_own boolean, p_kinds text[],
        p_hidden uuid[]
    )
    RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM access.set_context(p_subject, p_actor, p_session, p_audience, p_own, p_kinds, p_hidden, '');
    END
    $$
    """,
    # Nobody, where no record is open.
    """
    CREATE OR REPLACE FUNCTION access.subject() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif((access.opened())[1], '')::uuid $$
    """,
    # Whether this transaction is an act with these capabilities (bits), after a fresh login where that is asked, whose
    # purpose is LIKE this. False in a reading.
    """
    CREATE FUNCTION access.acts(p_capability integer, p_fresh boolean, p_purpose text) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        act text[] := string_to_array((access.opened())[9], ',');
    BEGIN
        RETURN coalesce(
            act[1]::integer & p_capability = p_capability AND (act[2] = 't' OR NOT p_fresh) AND act[3] LIKE p_purpose,
            false);
    END
    $$
    """,
)
