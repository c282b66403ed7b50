"""A stand-in for the region's shared journal: a demo record in FHIR R4, by feed and by Bulk Data."""
