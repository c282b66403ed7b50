"""The demo record: Norwegian citizens and the services that write about them, as FHIR R4, seen from any day."""
