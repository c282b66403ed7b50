"""Extensions by origin: (what becomes of it, name, bokmål, English).

The marks: + is used, = is for others, - would help and is not done, ! would change the meaning and is refused.
"""
