-- So that every round inserts into an index of the same size.
truncate bare_event
