"""Norwegian code systems go under three URIs each in live use; here they are one (facts: norway §4.4).

`urn:oid:2.16.578.1.12.4.1.1.<nr>` (no-basis), `http://ehelse.no/fhir/CodeSystem/no-kodeverk-<nr>[-name]` (NILAR) and
`http://helsedir.no/fhir/CodeSystem/no-kodeverk-<nr>` (HL7 Norway's later guidance) all become `volven:<nr>`.
"""

import re
from functools import lru_cache

ICD10_NO = "volven:7110"
ICPC2 = "http://hl7.org/fhir/sid/icpc-2"
NLK = "volven:7280"
NCRP = "volven:7270"
NORPAT = "volven:7010"
DEVIATION = "volven:8244"
DOCUMENT_TYPE = "volven:9602"
PROCEDURES_NO = "volven:7275"
ATC = "http://www.whocc.no/atc"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
FEST = "http://ehelse.no/fhir/CodeSystem/FEST"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"

_VOLVEN = re.compile(
    r"(?:urn:oid:2\.16\.578\.1\.12\.4\.1\.1\.|https?://(?:ehelse|helsedir)\.no/fhir/CodeSystem/no-kodeverk-)(\d{4})(?:[-.].*)?$"
)
_ALIASES = {
    "urn:oid:2.16.578.1.12.4.1.1.7170": ICPC2,
    "urn:oid:2.16.840.1.113883.6.139": ICPC2,
    "volven:7170": ICPC2,
    "volven:7180": ATC,
    "urn:oid:2.16.840.1.113883.6.73": ATC,
    "urn:oid:2.16.840.1.113883.6.1": LOINC,
    "urn:oid:2.16.840.1.113883.6.96": SNOMED,
    "http://snomed.info/sct/51000202101": SNOMED,
    "http://ehelse.no/FESTMedication": FEST,
    "http://ehelse.no/FESTSubstance": FEST,
    "http://dmp.no/fhir/NamingSystem/festLegemiddelDose": FEST,
    "http://dmp.no/fhir/NamingSystem/festLegemiddelMerkevare": FEST,
    "http://dmp.no/fhir/NamingSystem/festLegemiddelPakning": FEST,
    "http://dmp.no/fhir/NamingSystem/festLegemiddelVirkestoff": FEST,
}


@lru_cache(maxsize=4096)
def normal_system(uri: str) -> str:
    """The one name of a code system, whichever of its URIs was used; an unknown URI is its own name."""
    if (volven := _VOLVEN.match(uri)) is not None:
        uri = f"volven:{volven[1]}"
    return _ALIASES.get(uri, uri)


def same_system(uri: str, other: str) -> bool:
    """Do the two URIs (or constants of this module) name one code system?"""
    return uri == other or normal_system(uri) == normal_system(other)
