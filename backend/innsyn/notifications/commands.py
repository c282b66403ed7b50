"""Choosing what to be told of, and taking all that there is as read."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Column, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Text, Time, Uuid

from innsyn.access.acting import Act
from innsyn.access.telling.kinds import Told
from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.notifications.channels.port import Way
from innsyn.notifications.rules import Hours
from innsyn.notifications.tables import choice, hours

_receiver = bindparam("receiver_id", type_=Uuid)
# An array of arrays would have to be square: each list goes in as one text.
_rows = given(choice.c.kind, choice.c.of_others, Column("channel_list", Text))
_choose = insert(choice).from_select(
    ["receiver_id", "kind", "of_others", "channels"],
    select(_receiver, _rows.c.kind, _rows.c.of_others, func.string_to_array(_rows.c.channel_list, ",")),
)
_CHOOSE = Statement(
    _choose.on_conflict_do_update(
        index_elements=["receiver_id", "kind", "of_others"], set_={"channels": _choose.excluded.channels}
    )
)
_TIMES = ("quiet_from", "quiet_until", "digest_at")
_set_hours = insert(hours).values(
    receiver_id=_receiver, **{name: bindparam(name, type_=Time, value=None) for name in _TIMES}
)
_SET_HOURS = Statement(
    _set_hours.on_conflict_do_update(
        index_elements=["receiver_id"], set_={name: _set_hours.excluded[name] for name in _TIMES}
    )
)
_LOOK_AGAIN = Statement(select(func.notice.look_again()))
_SEE_ALL = Statement(select(func.notice.see_all(bindparam("shown", type_=ARRAY(Uuid)))))


async def choose(act: Act, chosen: Mapping[tuple[Told, bool], frozenset[Way]], when: Hours) -> None:
    """Keep the choices of whoever acts. What waits to go out goes as they say now."""
    rows = [(kind.value, of_others, ",".join(sorted(ways))) for (kind, of_others), ways in chosen.items()]
    receiver = act.author.actor_id
    columns = ("kind", "of_others", "channel_list")
    await act.db.rows(_CHOOSE, receiver_id=receiver, **arrays(columns, rows))
    await act.db.rows(
        _SET_HOURS,
        receiver_id=receiver,
        quiet_from=when.quiet_from,
        quiet_until=when.quiet_until,
        digest_at=when.digest_at,
    )
    await act.db.value(_LOOK_AGAIN)


async def see_all(act: Act, shown: Sequence[UUID]) -> None:
    """All of these that whoever acts has in the list is read."""
    await act.db.value(_SEE_ALL, shown=list(shown))
