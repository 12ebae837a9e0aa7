"""Use cases of marks: each changes the database in the transaction it is given."""
