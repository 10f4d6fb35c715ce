-- Bytes of write-ahead log since the server was made.
select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::int8
