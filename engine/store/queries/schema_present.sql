select to_regclass('resolute.schema_migration') is not null, current_setting('server_encoding'),
       current_setting('server_version_num')::int4
