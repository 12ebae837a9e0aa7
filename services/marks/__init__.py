"""Series, papers, entries, marks, submission and clerical errors."""
