"""What the intake of relations asks PostgreSQL: one statement for a batch, however many there are in it."""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    delete,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from innsyn.access.relations.tables import relation
from innsyn.access.tables import permit
from innsyn.db.batches import given
from innsyn.db.statements import Statement
from innsyn.identity.tables import patient, person

_feed = bindparam("feed", type_=relation.c.feed.type)
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_keys = given(relation.c.kind, relation.c.id)
_these = and_(relation.c.feed == _feed, relation.c.kind == _keys.c.kind, relation.c.id == _keys.c.id)
_patients: Any = bindparam("patients", type_=ARRAY(patient.c.patient_id.type))
_abouts: Any = bindparam("abouts", type_=ARRAY(relation.c.about.type))

# Both sides of the rows that a batch touches: of these resources, and of those that point at these Patients. Two
# SELECTs and not one with OR: each has its index.
_touched = union(
    select(relation.c.subject_id, relation.c.actor_id).where(
        relation.c.feed == _feed, relation.c.about == any_(_abouts)
    ),
    select(relation.c.subject_id, relation.c.actor_id).select_from(relation.join(_keys, _these)),
)
_sides = _touched.subquery("touched")
WHOM: Final = Statement(select(_sides.c.subject_id, _sides.c.actor_id))

# A reader holds the permits of one pair, in this order, and then the two persons. Whoever is about to change both
# takes the same way, or the two would wait for each other: PostgreSQL ends such a wait with an error for one of them.
_held = _touched.cte("touched")
# Whom a Patient is, or was before a version came that would be two persons.
_spoken_of = func.coalesce(patient.c.person_id, patient.c.was_id).label("person_id")
_concerned = union(
    select(_spoken_of).where(patient.c.feed == _feed, patient.c.patient_id == any_(_patients)),
    select(_held.c.subject_id),
    select(_held.c.actor_id),
).cte("concerned")
_key = (permit.c.subject_id, permit.c.permit_id)
_theirs = union(
    *(
        select(*_key).join(_concerned, side == _concerned.c.person_id)
        for side in (permit.c.subject_id, permit.c.actor_id)
    )
)
_in_order: Select[Any] = (
    select(literal_column("1"))
    .select_from(permit)
    .order_by(permit.c.subject_id, permit.c.actor_id, permit.c.valid_from, permit.c.permit_id)
    .with_for_update(of=permit)
)
HOLD: Final = Statement(_in_order.where(tuple_(*_key).in_(_theirs)))
HOLD_THEIRS: Final = Statement(_in_order.where(permit.c.subject_id == any_(_ids)))

# What tells of no relation any more. Whose address it said is secret stays so, unless it says otherwise (`open`).
_gone = given(relation.c.kind, relation.c.id, Column("open", Boolean))
GONE: Final = Statement(
    delete(relation).where(
        relation.c.feed == _feed,
        select(literal_column("1"))
        .where(
            relation.c.kind == _gone.c.kind,
            relation.c.id == _gone.c.id,
            or_(_gone.c.open, ~relation.c.actor_secret),
        )
        .correlate(relation)
        .exists(),
    )
)
SILENT: Final = Statement(
    update(relation)
    .values(says=literal_column("0"), responsibility=false(), lives_with=false())
    .where(_these, relation.c.actor_secret)
)

ROW: Final = tuple(each.name for each in relation.c if each.name != "feed")
_rows = given(*(relation.c[name] for name in ROW))
_put = insert(relation).from_select(["feed", *ROW], select(_feed.label("feed"), *_rows.c))
PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["feed", "kind", "id"],
        set_={name: _put.excluded[name] for name in ROW if name not in {"kind", "id"}},
    )
)

# The Patients that these names stand for have come, or have turned out to be nobody.
_come = given(relation.c.about, Column("person_id", Uuid))
COME: Final = Statement(
    update(relation)
    .values(subject_id=_come.c.person_id)
    .where(
        relation.c.feed == _feed,
        relation.c.about == _come.c.about,
        relation.c.subject_id.is_distinct_from(_come.c.person_id),
    )
)

# A number came along to another person: so do the relations.
_moved = given(Column("person_id", Uuid), Column("other_id", Uuid))
ACTORS_MOVE: Final = Statement(
    update(relation).values(actor_id=_moved.c.other_id).where(relation.c.actor_id == _moved.c.person_id)
)
SUBJECTS_MOVE: Final = Statement(
    update(relation).values(subject_id=_moved.c.other_id).where(relation.c.subject_id == _moved.c.person_id)
)

_secrets = given(patient.c.patient_id, patient.c.secret)
SECRET_PATIENTS: Final = Statement(
    update(patient)
    .values(secret=_secrets.c.secret)
    .where(
        patient.c.feed == _feed,
        patient.c.patient_id == _secrets.c.patient_id,
        patient.c.secret != _secrets.c.secret,
        # Whoever is nobody lowers nothing.
        or_(_secrets.c.secret, patient.c.person_id.is_not(None)),
    )
    .returning(_spoken_of)
)
# One service that knows of it is enough.
_is_secret = or_(
    *(
        select(literal_column("1")).where(whose == person.c.person_id, patient.c.secret).exists()
        for whose in (patient.c.person_id, patient.c.was_id)
    ),
    select(literal_column("1"))
    .where(relation.c.actor_id == person.c.person_id, relation.c.actor_secret)
    .exists(),
)
SECRET_PERSONS: Final = Statement(
    update(person)
    .values(secret=_is_secret)
    .where(person.c.person_id == any_(_ids), person.c.secret != _is_secret)
)

# In whose records these people are somebody.
WHOSE: Final = Statement(
    select(relation.c.subject_id)
    .distinct()
    .where(relation.c.actor_id == any_(_ids), relation.c.subject_id.is_not(None))
)
# What was computed from another version of the rule book.
OUTDATED: Final = Statement(
    select(permit.c.subject_id)
    .distinct()
    .where(permit.c.origin == literal_column("'relation'"), permit.c.book != bindparam("book", type_=Text))
)

OF_SUBJECTS: Final = Statement(
    select(relation).where(relation.c.subject_id == any_(_ids), relation.c.says != literal_column("0"))
)
PERSONS: Final = Statement(
    select(person.c.person_id, person.c.birth_date, person.c.secret, person.c.deceased).where(
        person.c.person_id == any_(_ids)
    )
)

# Whom these Patients are, and what the rules look at in them.
OF_PATIENTS: Final = Statement(
    select(patient.c.patient_id, person.c.person_id, person.c.birth_date, person.c.secret, person.c.deceased)
    .join(person, person.c.person_id == patient.c.person_id)
    .where(patient.c.feed == _feed, patient.c.patient_id == any_(_patients))
)

_relation: Any = literal_column("'relation'")
# Kinds as one text with commas: arrays of arrays have to be of one length. NULL stays NULL.
PERMIT: Final = (
    *("subject_id", "permit_id", "actor_id", "audience", "capabilities", "valid_from", "valid_until"),
    *("rule", "book", "origin_id"),
)
_permits = given(*(permit.c[name] for name in PERMIT), Column("kind", Text))
_kinds = func.string_to_array(_permits.c.kind, literal_column("','"))
_values = [_permits.c[name] for name in PERMIT]
_CHANGES = ("audience", "capabilities", "kinds", "valid_until", "book")
# What stays as it was is left alone, and not even locked: whoever reads by it need not wait.
_as_it_was = (
    select(literal_column("1"))
    .where(
        permit.c.subject_id == _permits.c.subject_id,
        permit.c.permit_id == _permits.c.permit_id,
        permit.c.kinds.is_not_distinct_from(_kinds),
        *(permit.c[name] == _permits.c[name] for name in _CHANGES if name != "kinds"),
    )
    .correlate(_permits)
    .exists()
)
_put_permits = insert(permit).from_select(
    [*PERMIT, "handle_on", "origin", "kinds"],
    select(
        *_values, _permits.c.subject_id.label("handle_on"), _relation.label("origin"), _kinds.label("kinds")
    ).where(~_as_it_was),
)
PUT_PERMITS: Final = Statement(
    _put_permits.on_conflict_do_update(
        index_elements=["subject_id", "permit_id"],
        set_={name: _put_permits.excluded[name] for name in _CHANGES},
    )
)
END_PERMITS: Final = Statement(
    delete(permit).where(
        permit.c.origin == _relation,
        permit.c.subject_id == any_(_ids),
        permit.c.permit_id != func.all(bindparam("permits", type_=ARRAY(Uuid))),
    )
)

_own: Any = bindparam("own", type_=ARRAY(Uuid))
OWN_PERMITS: Final = Statement(
    update(person)
    .values(own_permits=person.c.person_id == any_(_own))
    .where(person.c.person_id == any_(_ids), person.c.own_permits != (person.c.person_id == any_(_own)))
)
