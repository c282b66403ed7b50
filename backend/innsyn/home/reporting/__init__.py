"""From inside an entry: something is wrong here, or a word that one does not understand."""
