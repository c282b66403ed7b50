"""A Questionnaire becomes a form, or is refused by name: it is never half understood."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from innsyn.forms.engine.model import Form, Option, Verdict
from innsyn.forms.engine.reading import limits, tree
from innsyn.forms.engine.reading.building import item_of
from innsyn.forms.engine.reading.circles import must_have_no_circles
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.elements import check_elements
from innsyn.forms.engine.reading.findings import Findings, Refused
from innsyn.forms.engine.reading.form import form_of
from innsyn.forms.engine.reading.known import check_extensions, is_norwegian
from innsyn.forms.engine.reading.names import check_names
from innsyn.forms.engine.reading.opening import contained_in, opened
from innsyn.forms.engine.reading.scopes import scopes_of
from innsyn.forms.engine.reading.size import must_be_workable, must_have_room
from innsyn.forms.engine.reading.trying import must_be_quick
from innsyn.forms.engine.reading.withheld import check_owed, withheld

_NOTHING: Final[Mapping[str, Sequence[Option]]] = {}


def read(body: bytes, value_sets: Mapping[str, Sequence[Option]] = _NOTHING) -> Verdict:
    """The verdict on any bytes. `value_sets`: options by the canonical that the form asks for, with its version if any.

    It never raises, and takes less than two seconds whatever it is given: limits are looked at before anything else.
    """
    findings = Findings()
    form: Form | None = None
    try:
        form = _read(body, value_sets, findings)
    except Refused:
        pass
    except (RecursionError, msgspec.MsgspecError, ValueError, ArithmeticError, LookupError) as fault:
        # A form that was not foreseen: it is refused rather than shown wrong, and its reason has the way to look.
        findings.refuse("unreadable", why=type(fault).__name__)
    refusals = findings.refusals
    return Verdict(form=None if refusals else form, refusals=refusals, warnings=findings.warnings)


def _read(body: bytes, value_sets: Mapping[str, Sequence[Option]], findings: Findings) -> Form:
    source = opened(body, findings)
    tree.must_be_small(source, findings)
    tree.check(source, findings)
    if findings.refusals:
        # What stands below would be said about items that are not who they seem to be.
        check_extensions(source, findings)
        raise Refused
    must_be_workable(source, findings)
    check_elements(body, findings)
    check_extensions(source, findings)
    kept = list(tree.kept(source.item))
    reading = Reading(
        source=source,
        findings=findings,
        value_sets=value_sets,
        contained=contained_in(source, findings),
        by_link={item.link_id: item for top in source.item for item in tree.everything(top)},
        numbers={item.link_id: number for number, item in enumerate(kept)},
        is_norwegian=is_norwegian(source),
    )
    items = tuple(withheld(item_of(item, reading)) for item in source.item if not tree.is_folded(item))
    check_owed(items, reading)
    form = form_of(items, reading)
    must_have_room(form, findings)
    if not findings.refusals:
        scopes = scopes_of(form)
        must_have_no_circles(form, scopes, findings)
        check_names(form, scopes, reading)
    if not findings.refusals:
        must_be_quick(form, findings)
    return form


__all__ = ["limits", "read"]
