"""What else was met in real forms."""

from typing import Final

ROWS: Final = (
    ("=", "http://example.org/additional-information", "Tillegg for dem som laget skjemaet", "For the authors"),
    ("=", "https:///aehrc.csiro.au/fhir/StructureDefinition/RetainValueSet",
     "For dem som laget skjemaet", "For the authors"),
    ("=", "http://standards.healthconnex.com.au/fhir/StructureDefinition/Questionnaire-TextArea-Row",
     "Høyde på et felt", "Height of a field"),
    ("-", "http://lhcforms.nlm.nih.gov/fhirExt/dataControl", "ett svar fyller ikke ut et annet.",
     "one answer does not fill in another."),
    ("-", "http://lhcforms.nlm.nih.gov/fhir/StructureDefinition/questionnaire-externallydefined",
     "en liste utenfra vises ikke; svaret skrives med egne ord.",
     "a list from elsewhere is not shown; the answer is written in own words."),
    ("-", "http://example.com/StructureDefinition/group-note-info", "et notat vises ikke.", "a note is not shown."),
    ("-", "http://example.com/StructureDefinition/question-note-info", "et notat vises ikke.", "a note is not shown."),
    ("-", "http://example.com/StructureDefinition/option-note-info", "et notat vises ikke.", "a note is not shown."),
    ("=", "http://example.com/StructureDefinition/sdc-responseRenderingLiquid", "For mottakeren", "For the receiver"),
)  # fmt: skip
