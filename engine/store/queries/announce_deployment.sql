-- Tells every process that something else is in force now.
select pg_notify('resolute_deployed', '')
