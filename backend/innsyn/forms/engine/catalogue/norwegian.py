"""What Helsenorge's forms have: ehelse.no and helsenorge.no."""

from typing import Final

EHELSE: Final = "http://ehelse.no/fhir/StructureDefinition/"
EHELSE_ROWS: Final = (
    ("+", "validationtext", "Skjemaets egne ord om hva som er galt", "The form's own words for what is wrong"),
    ("+", "repeatstext", "Teksten på knappen som legger til", "Text of the button that adds"),
    ("+", "sdf-optionReference", "Mottakere å velge blant", "Receivers to choose from"),
    ("+", "sdf-calculatedExpression", "Regnes ut", "Worked out"),
    ("+", "sdf-fhirpath", "Fylles ut på forhånd", "Filled in beforehand"),
    ("+", "sdf-fhirpathvalidation", "Krav til svaret", "Demand on the answer"),
    ("+", "sdf-maxvalue", "Høyeste tillatte verdi, regnet ut", "Highest allowed value, worked out"),
    ("+", "sdf-minvalue", "Laveste tillatte verdi, regnet ut", "Lowest allowed value, worked out"),
    ("+", "sdf-canbeperformedby", "Hvem som kan fylle ut", "Who may fill in"),
    ("+", "sdf-authenticationrequirement", "Om innlogging kreves; anonyme skjema tas ikke imot",
     "Whether login is needed; anonymous forms are not taken"),
    ("=", "sdf-accessibilitytoresponse", "Hvem som ser svaret etterpå; her følger det journalens regler",
     "Who sees the answer afterwards; here the journal's rules say"),
    ("=", "sdf-discretion", "Hvordan varselet skrives; her står det aldri hva skjemaet gjelder",
     "How notifications are worded; here they never say what the form is about"),
    ("=", "sdf-generatenarrative", "For mottakeren", "For the receiver"),
    ("=", "sdf-generatepdf", "For mottakeren; kvittering som PDF lages alltid", "For the receiver; one is always made"),
    ("=", "sdf-endpoint", "Hvor svaret sendes; her alltid til journalen", "Where it is sent; here the journal"),
)  # fmt: skip

HELSENORGE: Final = "http://helsenorge.no/fhir/StructureDefinition/"
HELSENORGE_ROWS: Final = (
    ("+", "sdf-sublabel", "Tekst under spørsmålet", "Text below the question"),
    ("+", "sdf-sublabel-text", "Tekst under spørsmålet", "Text below the question"),
    ("+", "sdf-presentationbuttons", "Hvordan knappene vises", "How the buttons are shown"),
    ("+", "sdf-questionnaire-navgiator-state", "Ett steg om gangen", "One step at a time"),
    ("+", "sdf-save-capabilities", "Hva som kan lagres", "What may be saved"),
    ("+", "validate-readonly", "Låste felt kontrolleres også", "Fields that are locked are checked too"),
    ("=", "sdf-hyperlink-target", "Hvor lenker åpnes", "Where links open"),
    ("=", "sdf-guidanceaction", "For veiledning på Helsenorge etterpå", "For guidance at Helsenorge afterwards"),
    ("=", "sdf-guidanceparameter", "For veiledning på Helsenorge etterpå", "For guidance at Helsenorge afterwards"),
    ("=", "sdf-information-message", "For utskriften på Helsenorge", "For Helsenorge's print"),
    ("=", "sdf-sidebar", "For utskriften på Helsenorge", "For Helsenorge's print"),
    ("=", "sdf-questionnaire-print-version", "Skjema for utskrift", "A form to print"),
    ("=", "http://helsenorge.no/fhir/StructureDefintion/sdf-itemControl-visibility",
     "Hva som utelates i utskriften på Helsenorge", "What Helsenorge's print leaves out"),
    ("=", "https://helsenorge.no/fhir/StructureDefinition/questionnaireresponse-uiState",
     "Hvor man var i skjemaet; kladden husker det selv", "Where one was in the form; the draft remembers"),
    ("-", "sdf-answer-option-visual", "tegningen vises ikke.", "the drawing is not shown."),
    ("-", "sdf-open-choice-visual", "tegningen vises ikke.", "the drawing is not shown."),
    ("-", "sdf-visual-variant", "vises som vanlige valg.", "shown as ordinary choices."),
)  # fmt: skip
