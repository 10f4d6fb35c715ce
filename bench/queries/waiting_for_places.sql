-- Runs that wait for a place.
select count(*) from place_wait
