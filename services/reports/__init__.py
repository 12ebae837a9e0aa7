"""The read model and the candidate details report."""
