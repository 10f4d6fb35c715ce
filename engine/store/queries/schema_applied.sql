select version, name, checksum from resolute.schema_migration order by version
