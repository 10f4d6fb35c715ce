-- How many events are stored.
select count(*) from event
