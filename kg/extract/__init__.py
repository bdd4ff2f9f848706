"""An article becomes mentions, statements and occurrences; :mod:`kg.extractor` puts the modules in their order."""
