"""Health forms: any R4 Questionnaire, as a task or by choice, filled in over days and sent as a response."""
