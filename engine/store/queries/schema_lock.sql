-- Held until the connection ends; two programs that start together migrate one after the other.
select pg_advisory_lock(7264517, 2)
