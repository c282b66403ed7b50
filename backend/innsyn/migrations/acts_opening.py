"""Doing something once more (migrations/access_opening.py), with what sort of act it is in the signed context.

And one's own logins, which are one's own whatever record is open: to look at them and to end them takes no access. (How
a reading begins stands in migrations/history.py.)
"""

ACTING = (
    # Whether this session opens no record of its own person's (who is too young, say, or has not agreed to the terms).
    """
    CREATE FUNCTION access.only_logins(p_session uuid, p_handle text) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT p_handle IS NULL AND EXISTS (
            SELECT FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
            WHERE s.session_id = p_session AND (
                NOT s.ready
                OR p.own_permits AND (access.admitted(s.person_id, s.handle_key, NULL)).subject_id IS NULL))
    $$
    """,
    # problem: '' | session | access | step_up. Nothing may be written under a preview.
    """
    CREATE OR REPLACE FUNCTION access.begin_act(
        p_token bytea, p_handle text, p_capability integer, p_fresh interval, p_purpose text,
        OUT session_id uuid, OUT actor_id uuid, OUT subject_id uuid, OUT rule text, OUT at timestamptz,
        OUT problem text
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
        may record;
        refused boolean;
        only_logins boolean;
    BEGIN
        problem := 'session';
        -- Acts of one person one after another: two devices that end each other's sessions would wait for ever.
        PERFORM pg_advisory_xact_lock(hashtextextended('access.act' || o.person_id::text, 0))
        FROM identity.session o WHERE o.token_hash = sha256(p_token);
        -- A passkey only reminds of a login at ID-porten: it proves nothing anew.
        SELECT s.session_id, s.person_id, s.handle_key, s.ready, p.own_permits,
            s.method = 'idporten' AND s.auth_time > now() - p_fresh AS fresh
        INTO here
        FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
        WHERE s.token_hash = sha256(p_token) AND s.ended_at IS NULL
          AND s.expires_at > now() AND s.last_used_at + s.idle_limit > now()
        -- A session that is being ended elsewhere is ended first, or waits. Not FOR SHARE: two acts at once, which both
        -- write the row below, would wait for each other for ever.
        FOR NO KEY UPDATE OF s;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        UPDATE identity.session s SET last_used_at = now() WHERE s.session_id = here.session_id;
        IF p_handle IS NULL AND NOT here.own_permits THEN
            SELECT here.person_id AS subject_id, 1 AS audience, 31 AS capabilities, NULL::text[] AS kinds,
                'self' AS rule, NULL::uuid AS denied_subject, NULL::text AS denied_rule
            INTO may;
        ELSE
            SELECT * INTO may FROM access.admitted(here.person_id, here.handle_key, p_handle);
        END IF;
        only_logins := p_purpose LIKE 'sessions.%' AND access.only_logins(here.session_id, p_handle);
        IF only_logins THEN
            SELECT here.person_id AS subject_id, 0 AS audience, 31 AS capabilities, '{}'::text[] AS kinds,
                'self' AS rule, NULL::uuid AS denied_subject, NULL::text AS denied_rule
            INTO may;
        END IF;
        refused := may.subject_id IS NULL OR may.rule = 'preview'
            OR may.capabilities & p_capability <> p_capability
            OR (NOT here.ready AND NOT only_logins AND p_purpose NOT LIKE 'start%');
        IF refused AND coalesce(may.subject_id, may.denied_subject) IS NOT NULL
            OR NOT refused AND (p_fresh IS NULL OR here.fresh)
        THEN
            INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, refused, act)
            VALUES (coalesce(may.subject_id, may.denied_subject), here.person_id, here.session_id,
                coalesce(may.rule, may.denied_rule), p_purpose, refused, true);
        END IF;
        IF refused THEN
            problem := 'access';
            RETURN;
        END IF;
        IF p_fresh IS NOT NULL AND NOT coalesce(here.fresh, false) THEN
            problem := 'step_up';
            RETURN;
        END IF;
        problem := '';
        session_id := here.session_id;
        actor_id := here.person_id;
        subject_id := may.subject_id;
        rule := may.rule;
        at := now();
        PERFORM access.set_context(
            CASE WHEN NOT only_logins THEN subject_id END, actor_id, session_id, may.audience,
            subject_id = actor_id AND NOT only_logins, may.kinds,
            (SELECT coalesce(array_agg(h.entry_id), '{}') FROM access.hidden h
             WHERE h.person_id = may.subject_id AND h.from_audience & may.audience <> 0 AND may.audience <> 1),
            concat_ws(',', p_capability, p_fresh IS NOT NULL, p_purpose));
    END
    $$
    """,
)
