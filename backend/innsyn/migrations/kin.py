"""What migration 0009 needs for whom the journal holds as somebody's nearest: without those who are withheld."""

# The Patients that are this person and the people named as theirs, newest version of each, as landed.
KIN = (
    "CREATE POLICY next_of_kin ON journal.resource FOR SELECT TO innsyn_owner USING (true)",
    "CREATE POLICY next_of_kin ON access.relation FOR SELECT TO innsyn_owner USING (true)",
    # What tells of whom a RelatedPerson or contact is: the words of the names, and the numbers as they are dialled.
    """
    CREATE FUNCTION identity.tells_of(p_who jsonb, OUT words text[], OUT phones text[])
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT
            (SELECT coalesce(array_agg(DISTINCT word), '{}')
             FROM jsonb_path_query(p_who, '$.name[*]') AS n(name)
             CROSS JOIN regexp_split_to_table(
                 lower(concat_ws(' ', name ->> 'text', name ->> 'given', name ->> 'family')), '[][",.[:space:]-]+'
             ) AS word
             WHERE word <> ''),
            (SELECT coalesce(array_agg(DISTINCT right(digits, 8)), '{}')
             FROM jsonb_path_query(p_who, '$.telecom[*].value') AS v(value)
             CROSS JOIN regexp_replace(value #>> '{}', '[^0-9]', '', 'g') AS digits
             WHERE length(digits) >= 5)
    $$
    """,
    # A contact in a Patient has no number. One with the phone, or all the names, of somebody whose address is secret is
    # taken for that one; and where it cannot be compared, the Patient names nobody.
    """
    CREATE FUNCTION identity.without_withheld(p_patient bytea, p_withheld bytea[]) RETURNS bytea
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        patient jsonb;
        others jsonb;
    BEGIN
        IF cardinality(p_withheld) = 0 THEN
            RETURN p_patient;
        END IF;
        patient := convert_from(p_patient, 'UTF8')::jsonb;
        WITH withheld AS (SELECT identity.tells_of(convert_from(w, 'UTF8')::jsonb) AS t FROM unnest(p_withheld) AS w),
        contact AS (
            SELECT c.one, c.place, identity.tells_of(c.one) AS t
            FROM jsonb_path_query(patient, '$.contact[*]') WITH ORDINALITY AS c(one, place)
        )
        SELECT coalesce(jsonb_agg(c.one ORDER BY c.place), '[]') INTO others FROM contact c
        WHERE NOT EXISTS (
            SELECT FROM withheld w
            WHERE (w.t).phones && (c.t).phones
               OR cardinality((c.t).words) > 0 AND cardinality((w.t).words) > 0
              AND ((c.t).words <@ (w.t).words OR (w.t).words <@ (c.t).words)
        );
        RETURN convert_to((patient || jsonb_build_object('contact', others))::text, 'UTF8');
    EXCEPTION WHEN data_exception THEN
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE FUNCTION identity.kin_as_landed() RETURNS bytea[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        WITH related AS (
            SELECT r.feed, r.kind, r.id, r.actor_secret OR coalesce(o.secret, false) AS secret,
                   -- Nearest relatives (4), and parents (1) of a child: the register never closes those of a grown-up.
                   r.valid_until > now()
                   AND (r.says & 4 <> 0 OR r.says & 1 <> 0 AND s.birth_date > now() - interval '18 years') AS named
            FROM access.relation r
            JOIN identity.person s ON s.person_id = r.subject_id
            LEFT JOIN identity.person o ON o.person_id = r.actor_id
            WHERE access.own() AND r.kind = 'RelatedPerson' AND r.subject_id = access.subject()
        ),
        about AS (
            SELECT p.feed, 'Patient' AS kind, p.patient_id AS id, false AS secret FROM identity.patient p
            WHERE access.own() AND p.person_id = access.subject()
            UNION
            -- Whose address is secret is nobody's contact here: a number could lead to the door.
            SELECT r.feed, r.kind, r.id, r.secret FROM related r WHERE r.named OR r.secret
        ),
        landed AS (
            SELECT a.kind, a.id, a.secret, newest.body
            FROM about a CROSS JOIN LATERAL (
                SELECT r.body FROM journal.resource r
                WHERE r.feed = a.feed AND r.kind = a.kind AND r.id = a.id ORDER BY r.version DESC LIMIT 1
            ) AS newest
            WHERE newest.body IS NOT NULL
        ),
        shown AS (
            SELECT l.kind, l.id, CASE WHEN l.kind = 'Patient' THEN identity.without_withheld(l.body, w.bodies)
                                      ELSE l.body END AS body
            FROM landed l
            CROSS JOIN (
                SELECT coalesce(array_agg(body), '{}') AS bodies FROM landed WHERE secret
            ) AS w
            WHERE NOT l.secret
        )
        SELECT coalesce(array_agg(body ORDER BY kind, id), '{}') FROM shown WHERE body IS NOT NULL
    $$
    """,
)

# Called by kin_as_landed alone.
KIN_GRANTS = (
    "REVOKE EXECUTE ON FUNCTION identity.tells_of(jsonb), identity.without_withheld(bytea, bytea[]) FROM PUBLIC",
)
