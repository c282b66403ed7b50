"""The forms engine: pure. It reads a Questionnaire, fills it in, says what is wrong, and makes the response of it."""
