"""Which medicine it is: told by a code, by a reference to a Medication, or by one that is contained."""

import msgspec

from innsyn.journal.codes import ATC, same_system
from innsyn.journal.fhir.datatypes import CodeableConcept, Ratio, Reference
from innsyn.journal.fhir.medicines import Medication
from innsyn.journal.fhir.reading import clipped, code_key, quantity_text, text_of
from innsyn.records.projected import TITLE, About


class Drug(msgspec.Struct, frozen=True):
    """A medicine. `code` is the one thing that all entries about it share; `words` are its other names."""

    name: str = ""
    substance: str = ""
    strength: str = ""
    form: str = ""
    code: str = ""
    words: tuple[str, ...] = ()


def drug_of(concept: CodeableConcept | None, reference: Reference | None, about: About) -> Drug:
    """The medicine of an entry. A reference that can not be followed is shown by its display text."""
    if concept is not None:
        return _coded(concept, text_of(concept))
    medication = about.find(reference, "Medication", Medication)
    if medication is None:
        return Drug(clipped(reference.display, TITLE) if reference else "")
    ingredients = [
        text_of(one.item_codeable_concept) or (one.item_reference.display if one.item_reference else "")
        for one in medication.ingredient
        if one.is_active
    ]
    substances = ", ".join(dict.fromkeys(filter(None, ingredients)))
    name = text_of(medication.code) or substances or (reference.display if reference else "")
    coded = _coded(medication.code, name)
    strengths = [strength_text(one.strength) for one in medication.ingredient if one.is_active]
    return Drug(
        name=coded.name,
        substance=coded.substance or ("" if substances == name else substances),
        strength=" + ".join(filter(None, strengths)),
        form=text_of(medication.form),
        code=coded.code,
        words=(*coded.words, *ingredients),
    )


def _coded(concept: CodeableConcept | None, name: str) -> Drug:
    codings = concept.coding if concept else ()
    substance = next((coding.display for coding in codings if same_system(coding.system, ATC)), "")
    return Drug(
        name=clipped(name, TITLE),
        substance="" if substance.casefold() == name.casefold() else substance,
        code=code_key(concept),
        words=tuple(coding.display or coding.code for coding in codings),
    )


def strength_text(strength: Ratio | None) -> str:
    """`500 mg`, `1 mg/ml`, `5 mg per 2 ml`, or ''."""
    if strength is None:
        return ""
    over, under = strength.numerator, strength.denominator
    above, below = quantity_text(over), quantity_text(under)
    if not above or not below or below == "1":
        return above
    if under is not None and under.value == 1:
        return f"{above}/{below.removeprefix('1').strip()}"
    return f"{above} per {below}"
