"""The shared journal: what it sends us (feed, raw landing, quarantine, freshness) and how its FHIR reads."""
