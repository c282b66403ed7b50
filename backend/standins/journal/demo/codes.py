"""Code systems and identifier systems as they are used in Norway.

Norwegian code systems are written under three URIs in live systems (OID, ehelse.no, helsedir.no). Here each
service has its own habit, as in reality, so that a reader has to recognise all three.
"""

from typing import NamedTuple

from standins.journal.taken import Resource

FODSELSNUMMER = "urn:oid:2.16.578.1.12.4.1.4.1"
D_NUMMER = "urn:oid:2.16.578.1.12.4.1.4.2"
HPR_NUMBER = "urn:oid:2.16.578.1.12.4.1.4.4"
ORGANISATION_NUMBER = "urn:oid:2.16.578.1.12.4.1.4.101"

ATC = "http://www.whocc.no/atc"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ICPC_2 = "http://hl7.org/fhir/sid/icpc-2"
HL7 = "http://terminology.hl7.org/CodeSystem/"

NLK, NCRP, NORPAT, PROCEDURES, ICD_10, DOCUMENTS, DEVIATION, PERSONNEL = (
    7280,
    7270,
    7010,
    7275,
    7110,
    9602,
    8244,
    9060,
)

_NAMES = {NLK: "-nlk", NCRP: "-ncrp", NORPAT: "-norpat"}
_OID = "urn:oid:2.16.578.1.12.4.1.1.{number}"
_EHELSE = "http://ehelse.no/fhir/CodeSystem/no-kodeverk-{number}{name}"
_HELSEDIR = "http://helsedir.no/fhir/CodeSystem/no-kodeverk-{number}"
_HABITS = {
    "lab-midt": _EHELSE,
    "st-olavs": _EHELSE,
    "steinkjer-legesenter": _HELSEDIR,
    "hjerteklinikken": _HELSEDIR,
    "trondheim-kommune": _HELSEDIR,
}


def volven(number: int, source: str, code: str, display: str = "") -> Resource:
    """A coding of a national code system, under the URI that this source is used to."""
    system = _HABITS.get(source, _OID).format(number=number, name=_NAMES.get(number, ""))
    return coding(system, code, display)


def coding(system: str, code: str, display: str = "") -> Resource:
    """One coding; an empty display is left out."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(text: str, *codings: Resource) -> Resource:
    """A CodeableConcept: what the author wrote, and the codes for it if any."""
    return ({"coding": list(codings)} if codings else {}) | ({"text": text} if text else {})


class Analysis(NamedTuple):
    """A laboratory analysis: NLK code, name, unit as printed and as UCUM, reference limits by sex."""

    code: str
    name: str
    unit: str
    ucum: str
    women: tuple[str, str]
    men: tuple[str, str]


_NONE, _FATS = ("", ""), ("0.5", "2.6")
ANALYSES = {
    "hba1c": Analysis("NPU27300", "HbA1c", "mmol/mol", "mmol/mol", ("", "42"), ("", "42")),
    "kreatinin": Analysis("NPU04998", "Kreatinin", "µmol/L", "umol/L", ("45", "90"), ("60", "105")),
    "egfr": Analysis("NOR15075", "eGFR (nyrefunksjon)", "mL/min/1,73 m²", "mL/min/{1.73_m2}", ("60", ""), ("60", "")),
    "natrium": Analysis("NPU03429", "Natrium", "mmol/L", "mmol/L", ("137", "145"), ("137", "145")),
    "kalium": Analysis("NPU03230", "Kalium", "mmol/L", "mmol/L", ("3.5", "5.0"), ("3.5", "5.0")),
    "kolesterol": Analysis("NPU01566", "Kolesterol", "mmol/L", "mmol/L", ("", "7.8"), ("", "7.8")),
    "ldl": Analysis("NPU01568", "LDL-kolesterol", "mmol/L", "mmol/L", ("", "5.3"), ("", "5.3")),
    "hdl": Analysis("NPU01567", "HDL-kolesterol", "mmol/L", "mmol/L", ("1.0", "2.7"), ("0.8", "2.1")),
    "triglyserider": Analysis("NPU04094", "Triglyserider", "mmol/L", "mmol/L", _FATS, _FATS),
    "u-akr": Analysis("NPU28842", "Albumin/kreatinin i urin", "mg/mmol", "mg/mmol", ("", "2.5"), ("", "2.5")),
    "glukose": Analysis("NPU02192", "Glukose", "mmol/L", "mmol/L", ("4.0", "7.8"), ("4.0", "7.8")),
    "fglukose": Analysis("NPU02195", "Glukose, fastende", "mmol/L", "mmol/L", ("4.0", "6.0"), ("4.0", "6.0")),
    "glukose-2t": Analysis("NPU04173", "Glukose, 2 timer etter", "mmol/L", "mmol/L", ("", "8.9"), ("", "7.8")),
    "hemoglobin": Analysis("NPU28309", "Hemoglobin", "g/L", "g/L", ("117", "153"), ("134", "170")),
    "leukocytter": Analysis("NPU02593", "Leukocytter", "10⁹/L", "10*9/L", ("4.1", "9.8"), ("4.1", "9.8")),
    "trombocytter": Analysis("NPU03568", "Trombocytter", "10⁹/L", "10*9/L", ("164", "370"), ("145", "348")),
    "mcv": Analysis("NPU01944", "MCV", "fL", "fL", ("82", "98"), ("82", "98")),
    "mch": Analysis("NPU26880", "MCH", "pg", "pg", ("27", "33"), ("27", "33")),
    "evf": Analysis("NPU01961", "EVF (hematokrit)", "", "1", ("0.35", "0.46"), ("0.40", "0.50")),
    "crp": Analysis("NPU19748", "CRP", "mg/L", "mg/L", ("", "5"), ("", "5")),
    "ferritin": Analysis("NPU19763", "Ferritin", "µg/L", "ug/L", ("18", "240"), ("34", "300")),
    "b12": Analysis("NPU01700", "Vitamin B12", "pmol/L", "pmol/L", ("175", "700"), ("175", "700")),
    "vitamin-d": Analysis("NPU10267", "25-OH-vitamin D", "nmol/L", "nmol/L", ("50", "150"), ("50", "150")),
    "tsh": Analysis("NPU03577", "TSH", "mIE/L", "m[IU]/L", ("0.50", "3.6"), ("0.50", "3.6")),
    "ft4": Analysis("NPU03579", "Fritt T4", "pmol/L", "pmol/L", ("10.0", "21.0"), ("10.0", "21.0")),
    "alat": Analysis("NPU19651", "ALAT", "U/L", "U/L", ("10", "45"), ("10", "70")),
    "asat": Analysis("NPU19654", "ASAT", "U/L", "U/L", ("15", "35"), ("15", "45")),
    "gt": Analysis("NPU19657", "Gamma-GT", "U/L", "U/L", ("10", "75"), ("15", "115")),
    "inr": Analysis("NPU01685", "INR", "", "1", ("", "1.2"), ("", "1.2")),
    "probnp": Analysis("NPU21571", "NT-proBNP", "ng/L", "ng/L", ("", "300"), ("", "300")),
    "troponin": Analysis("NPU27501", "Troponin T", "ng/L", "ng/L", ("", "14"), ("", "14")),
    "psa": Analysis("NPU08669", "PSA", "µg/L", "ug/L", _NONE, ("", "4.0")),
    "albumin": Analysis("NPU19673", "Albumin", "g/L", "g/L", ("36", "48"), ("36", "48")),
    "kalsium": Analysis("NPU01443", "Kalsium", "mmol/L", "mmol/L", ("2.15", "2.51"), ("2.15", "2.51")),
    "hiv": Analysis("NPU12062", "HIV 1/2 antistoff og antigen", "", "", _NONE, _NONE),
    "hbsag": Analysis("NPU08831", "Hepatitt B-virus HBsAg", "", "", _NONE, _NONE),
    "hcv": Analysis("NPU12012", "Hepatitt C-virus antistoff", "", "", _NONE, _NONE),
    "igra": Analysis("NOR05070", "IGRA (tuberkuloseprøve)", "", "", _NONE, _NONE),
    "syfilis": Analysis("NPU12130", "Syfilis antistoff", "", "", _NONE, _NONE),
    "klamydia": Analysis("NPU26606", "Klamydia, PCR i urin", "", "", _NONE, _NONE),
    "mkomponent": Analysis("NPU26919", "M-komponent, serumelektroforese", "", "", _NONE, _NONE),
    "blodtype": Analysis("NPU14141", "Blodtype (ABO og RhD)", "", "", _NONE, _NONE),
    "fenotype": Analysis("NOR05222", "BRCA1/BRCA2, gentest", "", "", _NONE, _NONE),
}  # fmt: skip

# Vital signs carry LOINC as HL7's base profile wants, and SNOMED CT as the Norwegian profiles add.
MEASURES = {
    "vekt": ("29463-7", "27113001", "Kroppsvekt", "kg", "kg"),
    "hoyde": ("8302-2", "50373000", "Høyde", "cm", "cm"),
    "bmi": ("39156-5", "60621009", "Kroppsmasseindeks (KMI)", "kg/m²", "kg/m2"),
    "puls": ("8867-4", "364075005", "Puls", "slag/min", "/min"),
    "temperatur": ("8310-5", "386725007", "Temperatur", "°C", "Cel"),
    "spo2": ("59408-5", "431314004", "Oksygenmetning", "%", "%"),
    "pust": ("9279-1", "86290005", "Pustefrekvens", "per min", "/min"),
    "hodeomkrets": ("9843-4", "363812007", "Hodeomkrets", "cm", "cm"),
    "pef": ("33452-4", "251940009", "PEF (toppstrøm)", "L/min", "L/min"),
    "sf-mal": ("11881-0", "", "Symfyse-fundus-mål", "cm", "cm"),
    "fosterlyd": ("55283-6", "", "Fosterhjertelyd", "slag/min", "/min"),
}

DOCUMENT_TYPES = {
    "A03-2": "Epikrise", "A13-2": "Poliklinisk epikrise",
    "B02-2": "Journalnotat", "B03-2": "Poliklinisk notat",
    "B06-2": "Sykepleienotat", "B07-2": "Sykepleiesammenfatning", "C04-2": "Patologi", "I01-2": "Henvisning",
    "I02-2": "Brev", "J00-1": "Attest", "E00-1": "Bildediagnostikk",
}  # fmt: skip
