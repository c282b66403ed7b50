"""A stand-in for the region's shared journal: a demo record in FHIR R4, served as a sequence feed and as Bulk Data."""
