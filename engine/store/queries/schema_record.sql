insert into resolute.schema_migration (version, name, checksum)
values ($1::int4, $2::text, $3::bytea)
