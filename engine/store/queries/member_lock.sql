-- One claim at a time; the number is only ours within the database.
select pg_advisory_xact_lock(7264517, 1)
