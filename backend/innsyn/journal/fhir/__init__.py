"""FHIR R4 as the journal speaks it: only the fields we read, parsed once at the boundary (http://hl7.org/fhir/R4)."""
