-- Ends the file of the log that is written to; something must be in it.
select pg_switch_wal() from pg_logical_emit_message(true, '', 'x')
