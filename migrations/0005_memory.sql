-- What the engine was told to remember: append-only and bitemporal. Superseded is not erased.

create table memory_item (
    item_id       uuid primary key,
    tenant        text not null,
    scope         text not null check (scope <> ''),
    subject       text not null,
    key           text not null check (key <> ''),
    value         jsonb not null,
    class         text not null,
    integrity     text not null,
    source        jsonb not null,                 -- the run and the sequence that it came from
    writer        text not null,
    approver      text,
    valid_from    timestamptz not null,
    valid_to      timestamptz,
    recorded_at   timestamptz not null,
    superseded_at timestamptz,
    superseded_by uuid,
    expires_at    timestamptz,
    search        tsvector generated always as
        (to_tsvector('simple', key || ' ' || subject)
         || jsonb_to_tsvector('simple', value, '["string", "numeric"]')) stored,
    constraint memory_valid_time check (valid_to is null or valid_to > valid_from),
    constraint memory_recorded_time
        check (superseded_at is null or superseded_at >= recorded_at),
    constraint memory_superseded check (superseded_by is null or superseded_at is not null)
) with (fillfactor = 85);

create index memory_current on memory_item (tenant, scope, subject, key)
    where superseded_at is null;
create index memory_history on memory_item (tenant, scope, subject, key, recorded_at);
create index memory_search on memory_item using gin (search);
create index memory_expiry on memory_item (expires_at) where expires_at is not null;

-- Spelling mistakes are forgiven where the extension can be had.
do $$
begin
    create extension if not exists pg_trgm;
    create index memory_similar on memory_item using gin (key gin_trgm_ops);
exception
    when undefined_file or feature_not_supported or insufficient_privilege or undefined_object then
    raise notice 'pg_trgm is not available: recall by spelling is off';
end
$$;
