"""The demo record in FHIR R4: Norwegian citizens and the services that write about them."""
