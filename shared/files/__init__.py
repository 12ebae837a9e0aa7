"""Files that people send: how they come in, are kept in object storage, and go out again."""
