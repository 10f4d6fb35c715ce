-- What the first migration needs to be recorded.
create schema if not exists resolute;
create table if not exists resolute.schema_migration (
    version    integer primary key check (version > 0),
    name       text not null,
    checksum   bytea not null check (octet_length(checksum) = 32),
    applied_at timestamptz not null default now()
);
