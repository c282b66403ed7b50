"""What migration 0009 needs beyond tables: challenges, unlocking, terms, and who may reach what."""

CHALLENGES = (
    """
    CREATE FUNCTION identity.give_challenge(p_challenge bytea, p_holder bytea, p_ceremony text) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        DELETE FROM identity.passkey_challenge WHERE given_at < now() - interval '5 minutes';
        INSERT INTO identity.passkey_challenge (challenge_hash, holder_hash, ceremony)
        VALUES (sha256(p_challenge), sha256(p_holder), p_ceremony);
    $$
    """,
    # One statement: of two answers to the same challenge one finds nothing.
    """
    CREATE FUNCTION identity.take_challenge(p_challenge bytea, p_holder bytea, p_ceremony text) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH taken AS (
            DELETE FROM identity.passkey_challenge
            WHERE challenge_hash = sha256(p_challenge) AND holder_hash = sha256(p_holder)
              AND ceremony = p_ceremony AND given_at >= now() - interval '5 minutes'
            RETURNING 1
        )
        SELECT EXISTS (SELECT FROM taken)
    $$
    """,
)

UNLOCKING = (
    # Of a person who is still one: a number that the journal has moved to somebody else leaves nobody behind.
    """
    CREATE FUNCTION identity.passkey_with(
        p_credential bytea,
        OUT person_id uuid, OUT public_key bytea, OUT sign_count bigint, OUT backup_eligible boolean
    )
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT k.person_id, k.public_key, k.sign_count, k.backup_eligible
        FROM identity.passkey k JOIN identity.person p ON p.person_id = k.person_id
        WHERE k.credential_id = p_credential AND NOT p.deceased
          AND EXISTS (SELECT FROM identity.person_identifier i WHERE i.person_id = k.person_id)
    $$
    """,
    # Begins a session on a passkey whose answer has been verified. problem: '' | unknown | counter | long_ago.
    # The session's issuer is 'passkey' and its sid the passkey: no logout from ID-porten is about it, and it ends with
    # the passkey. auth_time and acr are those of the newest login at ID-porten, which the passkey only reminds of.
    """
    CREATE FUNCTION identity.unlock(
        p_token bytea, p_before bytea, p_credential bytea, p_sign_count bigint, p_backed_up boolean,
        p_longest interval, p_idle_limit interval, p_lifetime interval, p_browser text,
        OUT session_id uuid, OUT problem text
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        key record;
        login record;
    BEGIN
        -- A session is never begun in a transaction that has read or done something: a statement with a hole, in which
        -- a record has been opened, has written in the log and cannot come here.
        IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
            RAISE insufficient_privilege USING MESSAGE = 'a login is a transaction of its own';
        END IF;
        -- Locked, so that of two answers with the same count the second is measured against the first.
        SELECT k.passkey_id, k.person_id, k.sign_count INTO key
        FROM identity.passkey k WHERE k.credential_id = p_credential FOR UPDATE;
        IF NOT FOUND THEN
            problem := 'unknown';
            RETURN;
        END IF;
        -- Passkeys that are synced do not count, and always say 0.
        IF p_sign_count <= key.sign_count AND NOT (p_sign_count = 0 AND key.sign_count = 0) THEN
            problem := 'counter';
            RETURN;
        END IF;
        SELECT s.auth_time, s.acr INTO login FROM identity.session s
        WHERE s.person_id = key.person_id AND s.method = 'idporten' ORDER BY s.auth_time DESC LIMIT 1;
        IF NOT FOUND OR login.auth_time < now() - p_longest THEN
            problem := 'long_ago';
            RETURN;
        END IF;
        UPDATE identity.passkey k SET sign_count = p_sign_count, backed_up = p_backed_up, last_used_at = now()
        WHERE k.passkey_id = key.passkey_id;
        INSERT INTO identity.session AS s
            (token_hash, person_id, acr, issuer, sid, idle_limit, expires_at, new_since, auth_time, method, browser,
             handle_key, ready)
        VALUES (
            sha256(p_token), key.person_id, login.acr, 'passkey', key.passkey_id::text, p_idle_limit,
            now() + p_lifetime,
            (SELECT max(e.last_used_at) FROM identity.session e WHERE e.person_id = key.person_id),
            login.auth_time, 'passkey', p_browser,
            coalesce(
                (SELECT e.handle_key FROM identity.session e
                 WHERE e.token_hash = sha256(p_before) AND e.person_id = key.person_id),
                gen_random_uuid()),
            NOT identity.must_accept(key.person_id)
        )
        RETURNING s.session_id INTO session_id;
        -- Whoever was logged in here before is not any longer.
        UPDATE identity.session e SET ended_at = now(), ended_why = 'login'
        WHERE e.token_hash = sha256(p_before) AND e.ended_at IS NULL;
        problem := '';
    END
    $$
    """,
    # NULL: somebody has it already. The session is asked here as well as where the act began: whoever gets a statement
    # into a reading of an old session makes no key to come back with.
    """
    CREATE FUNCTION identity.keep_passkey(
        p_credential bytea, p_public_key bytea, p_sign_count bigint, p_aaguid uuid, p_backup_eligible boolean,
        p_backed_up boolean, p_name text
    )
    RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        kept uuid;
    BEGIN
        IF access.own() IS NOT TRUE OR NOT EXISTS (
            SELECT FROM identity.session s
            WHERE s.session_id = access.session_id() AND s.person_id = access.actor() AND s.ended_at IS NULL
              AND s.method = 'idporten' AND s.auth_time > now() - interval '10 minutes'
        ) THEN
            RAISE insufficient_privilege USING MESSAGE = 'nobody here whom ID-porten has just seen';
        END IF;
        INSERT INTO identity.passkey AS k
            (person_id, credential_id, public_key, sign_count, aaguid, backup_eligible, backed_up, name)
        VALUES (access.actor(), p_credential, p_public_key, p_sign_count, p_aaguid, p_backup_eligible, p_backed_up,
            p_name)
        ON CONFLICT DO NOTHING
        RETURNING k.passkey_id INTO kept;
        RETURN kept;
    END
    $$
    """,
    """
    CREATE FUNCTION identity.remove_passkey(p_passkey uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        DELETE FROM identity.passkey WHERE passkey_id = p_passkey AND person_id = access.actor();
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        UPDATE identity.session SET ended_at = now(), ended_why = 'passkey'
        WHERE issuer = 'passkey' AND sid = p_passkey::text AND ended_at IS NULL;
        RETURN true;
    END
    $$
    """,
)

TERMS = (
    "INSERT INTO identity.terms (version, valid_from) VALUES ('1', '2026-11-01')",
    # Dated, so that the next version is written beforehand and asked about from its day.
    """
    CREATE FUNCTION identity.current_terms() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT version FROM identity.terms WHERE valid_from <= (now() AT TIME ZONE 'Europe/Oslo')::date
        ORDER BY valid_from DESC LIMIT 1
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION identity.must_accept(p_person uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT NOT EXISTS (
            SELECT FROM identity.accepted_terms
            WHERE person_id = p_person AND version = identity.current_terms()
        )
    $$
    """,
    # False: another version has come into force meanwhile, and has to be read first.
    """
    CREATE FUNCTION identity.accept_terms(p_version text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF access.actor() IS NULL OR p_version IS DISTINCT FROM identity.current_terms() THEN
            RETURN false;
        END IF;
        INSERT INTO identity.accepted_terms (person_id, version, session_id)
        VALUES (access.actor(), p_version, access.session_id()) ON CONFLICT DO NOTHING;
        UPDATE identity.session SET ready = true
        WHERE person_id = access.actor() AND ended_at IS NULL AND NOT ready;
        RETURN true;
    END
    $$
    """,
)

_CLOSED = ("passkey", "passkey_challenge", "accepted_terms", "kin_check")
ROW_SECURITY = (
    *(
        f"ALTER TABLE identity.{table} {verb} ROW LEVEL SECURITY"
        for table in _CLOSED
        for verb in ("ENABLE", "FORCE")
    ),
    *(
        f"CREATE POLICY functions ON identity.{table} TO innsyn_owner USING (true) WITH CHECK (true)"
        for table in _CLOSED
    ),
    *(
        f"CREATE POLICY own ON identity.{table} FOR SELECT TO innsyn_web"
        " USING (person_id = (SELECT access.actor()))"
        for table in ("passkey", "accepted_terms", "kin_check")
    ),
    # A passkey is kept by keep_passkey alone.
    (
        "CREATE POLICY own_act ON identity.kin_check FOR INSERT TO innsyn_web"
        " WITH CHECK (person_id = (SELECT access.actor()))"
    ),
    # The same for everybody.
    "ALTER TABLE identity.terms ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE identity.terms FORCE ROW LEVEL SECURITY",
    "CREATE POLICY everybody ON identity.terms TO innsyn_owner, innsyn_web USING (true) WITH CHECK (true)",
)

_FUNCTIONS = (
    "give_challenge(bytea, bytea, text)",
    "take_challenge(bytea, bytea, text)",
    "passkey_with(bytea)",
    "unlock(bytea, bytea, bytea, bigint, boolean, interval, interval, interval, text)",
    "keep_passkey(bytea, bytea, bigint, uuid, boolean, boolean, text)",
    "remove_passkey(uuid)",
    "current_terms()",
    "accept_terms(text)",
    "kin_as_landed()",
)
_SIGNATURES = ", ".join(f"identity.{each}" for each in _FUNCTIONS)
GRANTS = (
    f"REVOKE EXECUTE ON FUNCTION {_SIGNATURES}, identity.must_accept(uuid) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_SIGNATURES} TO innsyn_web",
    "GRANT SELECT, INSERT ON identity.kin_check TO innsyn_web",
    "GRANT SELECT ON identity.passkey, identity.terms, identity.accepted_terms TO innsyn_web",
)
