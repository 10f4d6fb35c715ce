-- What decides how long a commit takes; printed with every result.
select name, current_setting(name) from pg_settings
where name in ('server_version', 'synchronous_commit', 'fsync', 'full_page_writes',
               'wal_sync_method', 'shared_buffers', 'max_wal_size',
               'min_wal_size', 'commit_delay')
order by name
