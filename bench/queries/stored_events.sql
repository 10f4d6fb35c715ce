-- How many events are stored.
select coalesce(sum(octet_length(kinds)), 0)::int8 from history
