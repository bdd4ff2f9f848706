"""The SPARQL 1.1 Protocol, answered by processes that can be stopped, and the page that asks it."""
