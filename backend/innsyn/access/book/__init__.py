"""The rule book: who may see what at which age, as data with sources; and what follows from it, with dates."""
