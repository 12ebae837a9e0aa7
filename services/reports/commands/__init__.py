"""What changes the tables of reports."""
