"""Training of the shipped models: ``python -m kg.train …`` (needs the extra ``[train]``)."""
