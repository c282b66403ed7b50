"""What the parts of reading share about one form."""

from collections.abc import Mapping, Sequence

import msgspec

from innsyn.forms.engine.model import Option
from innsyn.forms.engine.reading.findings import Findings
from innsyn.forms.engine.reading.source import Source, SourceItem, ValueSet


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One form while it is read. `numbers`, `by_link`: of what stays an item; help and the like are folded in."""

    source: Source
    findings: Findings
    value_sets: Mapping[str, Sequence[Option]]
    contained: Mapping[str, ValueSet]
    by_link: Mapping[str, SourceItem]
    numbers: Mapping[str, int]
    # Any extension of ehelse.no or helsenorge.no: then their habits hold where FHIR leaves a choice.
    is_norwegian: bool
