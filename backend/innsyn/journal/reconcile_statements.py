"""What PostgreSQL compares: the source's list with the newest version of all that has landed."""

from sqlalchemy import (
    and_,
    bindparam,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on

from innsyn.db.batches import given
from innsyn.db.statements import Statement
from innsyn.journal.limits import MOST_BYTES
from innsyn.journal.reconcile_port import Difference
from innsyn.journal.reconcile_tables import compared
from innsyn.journal.tables import position, quarantine, resource

TOLD = ("number", "kind", "id", "source", "version", "digest", "is_gone", "position", "recorded_at")

_feed = bindparam("feed", type_=compared.c.feed.type)
# What landed or was recorded since then may have changed while the source was telling.
_settled = bindparam("settled", type_=resource.c.landed_at.type)
_now = bindparam("now", type_=resource.c.landed_at.type)
# How far the feed is read, where positions of the list are those of the feed; else None.
_upto = bindparam("upto", type_=compared.c.position.type)
# Part of the feed may lie unread in a stream, whose positions are not those of the list.
_streamed = bindparam("streamed", type_=compared.c.is_gone.type)
_most = bindparam("most", type_=compared.c.number.type)
_after = bindparam("after", type_=compared.c.number.type)
_ours = compared.c.feed == _feed

_gate = func.hashtextextended(_feed, literal_column("7463"))
LOCK = Statement(select(func.pg_try_advisory_lock(_gate)))
UNLOCK = Statement(select(func.pg_advisory_unlock(_gate)))
FORGET = Statement(delete(compared).where(_ours))
_rows = given(*(compared.c[name] for name in TOLD))
NOTE = Statement(insert(compared).from_select(["feed", *TOLD], select(_feed.label("feed"), *_rows.c)))
POSITION = Statement(
    select(position.c.position).where(position.c.feed == _feed, position.c.part == literal_column("''"))
)
STREAMED = Statement(
    select(exists().where(position.c.feed == _feed, position.c.part.regexp_match(literal("^[0-9]+$"))))
)
# The source counts from the beginning again: what it has now has all been seen to.
RENUMBER = Statement(
    update(position)
    .where(position.c.feed == _feed, position.c.part == literal_column("''"), position.c.position > _after)
    .values(position=_after)
    .returning(position.c.position)
)

# Later things here than any that the source tells of: then its list is an old one. What is dated ahead says nothing.
NEWEST = Statement(
    select(
        select(func.max(compared.c.recorded_at))
        .where(_ours, compared.c.recorded_at <= _now)
        .scalar_subquery()
        .label("told"),
        select(func.max(resource.c.recorded_at))
        .where(resource.c.feed == _feed, resource.c.recorded_at <= _now, resource.c.landed_at < _settled)
        .scalar_subquery()
        .label("landed"),
    )
)
FORGET_PART = Statement(
    delete(position).where(
        position.c.feed == _feed, position.c.part == bindparam("part", type_=position.c.part.type)
    )
)

_told = (
    select(compared)
    .ext(distinct_on(compared.c.kind, compared.c.id))
    .where(_ours, func.coalesce(compared.c.difference, "") != Difference.EXTRA)
    .order_by(
        compared.c.kind, compared.c.id, compared.c.version.desc().nulls_last(), compared.c.number.desc()
    )
    .subquery("told")
)
_here = (
    select(
        resource.c.kind,
        resource.c.id,
        resource.c.version,
        func.coalesce(resource.c.source_version, resource.c.version).label("at_source"),
        resource.c.source,
        resource.c.position,
        resource.c.digest,
        resource.c.landed_at,
        resource.c.body.is_(None).label("is_gone"),
    )
    .ext(distinct_on(resource.c.kind, resource.c.id))
    .where(resource.c.feed == _feed)
    .order_by(resource.c.kind, resource.c.id, resource.c.version.desc())
    .subquery("here")
)
_missing = and_(_here.c.kind.is_(None), _told.c.is_gone == false())
_older = _told.c.version > _here.c.at_source
_other = or_(
    _told.c.is_gone != _here.c.is_gone,
    and_(_told.c.is_gone == false(), _told.c.digest != _here.c.digest),
)
_is_new = or_(
    _told.c.recorded_at > _settled,
    _told.c.position > _upto,
    _here.c.landed_at >= _settled,
    # Without a number the last to be taken in is shown: earlier words, still unread, would come after these.
    and_(_streamed, _told.c.version.is_(None)),
)
# Of what is too large only the beginning is kept.
_same_bytes = or_(
    _told.c.digest.is_(None),
    func.sha256(quarantine.c.body) == _told.c.digest,
    func.octet_length(quarantine.c.body) >= MOST_BYTES,
)
_held = exists().where(
    quarantine.c.feed == _feed,
    quarantine.c.entry == _told.c.kind + literal("/") + _told.c.id,
    _same_bytes,
)
_state = case(
    (and_(_missing.is_not(true()), _older.is_not(true()), _other.is_not(true())), null()),
    (_is_new, literal(Difference.LATER.value)),
    (and_(or_(_missing, _older), _held), literal(Difference.HELD.value)),
    (_missing, literal(Difference.MISSING.value)),
    (_older, literal(Difference.OLDER.value)),
    else_=literal(Difference.OTHER.value),
)
_states = (
    select(_told.c.number, _state.label("difference"), _here.c.version)
    .select_from(_told.outerjoin(_here, and_(_here.c.kind == _told.c.kind, _here.c.id == _told.c.id)))
    .subquery("states")
)
BEGIN_ANEW = (
    Statement(delete(compared).where(_ours, compared.c.difference == Difference.EXTRA)),
    Statement(
        update(compared)
        .where(_ours, compared.c.difference.is_not(None))
        .values(difference=null(), landed_version=null())
    ),
)
COMPARE = Statement(
    update(compared)
    .where(_ours, compared.c.number == _states.c.number, _states.c.difference.is_not(None))
    .values(difference=_states.c.difference, landed_version=_states.c.version)
)
_COLUMNS = ("feed", "number", "kind", "id", "source", "position", "difference", "landed_version")
_highest = select(func.coalesce(func.max(compared.c.number), 0)).where(_ours).scalar_subquery()
EXTRA = Statement(
    insert(compared).from_select(
        list(_COLUMNS),
        select(
            _feed,
            _highest + func.row_number().over(order_by=(_here.c.kind, _here.c.id)),
            _here.c.kind,
            _here.c.id,
            _here.c.source,
            _here.c.position,
            literal(Difference.EXTRA.value),
            _here.c.version,
        )
        .select_from(_here.outerjoin(_told, and_(_here.c.kind == _told.c.kind, _here.c.id == _told.c.id)))
        .where(_told.c.kind.is_(None), _here.c.is_gone == false(), _here.c.landed_at < _settled),
    )
)
COUNT = Statement(
    select(compared.c.kind, compared.c.difference, func.count())
    .where(_ours, compared.c.difference.is_not(None))
    .group_by(compared.c.kind, compared.c.difference)
    .order_by(compared.c.kind, compared.c.difference)
)
_WANTED = (
    compared.c.number,
    compared.c.kind,
    compared.c.id,
    compared.c.position,
    compared.c.source,
    compared.c.difference,
    compared.c.version,
    compared.c.landed_version,
)
NEXT = Statement(
    select(*_WANTED)
    .where(
        _ours,
        compared.c.difference.is_not(None),
        compared.c.difference != Difference.HELD.value,
        compared.c.difference != Difference.LATER.value,
        compared.c.number > _after,
    )
    .order_by(compared.c.number)
    .limit(_most)
)
HERE = Statement(
    select(func.count()).select_from(
        select(resource.c.kind, resource.c.id).distinct().where(resource.c.feed == _feed).subquery()
    )
)
_of_it = and_(
    _ours,
    compared.c.kind == resource.c.kind,
    compared.c.id == resource.c.id,
    or_(
        compared.c.version == func.coalesce(resource.c.source_version, resource.c.version),
        compared.c.version.is_(None),
    ),
    func.coalesce(compared.c.difference, "") != Difference.EXTRA,
)
ROTTEN = Statement(
    select(
        resource.c.kind,
        resource.c.id,
        resource.c.version,
        resource.c.source,
        func.coalesce(compared.c.position, resource.c.position).label("position"),
        resource.c.digest,
    )
    .select_from(resource.outerjoin(compared, _of_it))
    .where(
        resource.c.feed == _feed,
        resource.c.body.is_not(None),
        func.sha256(resource.c.body) != resource.c.digest,
    )
    .order_by(resource.c.kind, resource.c.id, resource.c.version)
    .limit(_most)
)
_healed = given(resource.c.kind, resource.c.id, resource.c.version, resource.c.digest, resource.c.body)
# In its place: when it came, and whom it is about, is as it was.
HEAL = Statement(
    update(resource)
    .where(
        resource.c.feed == _feed,
        resource.c.kind == _healed.c.kind,
        resource.c.id == _healed.c.id,
        resource.c.version == _healed.c.version,
    )
    .values(body=_healed.c.body, digest=_healed.c.digest)
    .returning(resource.c.kind)
)
