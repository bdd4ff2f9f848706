"""The mention tagger: typed name spans by a conditional random field over hashed features."""
