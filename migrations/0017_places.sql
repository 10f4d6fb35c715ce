-- Limits on how many runs with the same key go at a time, or begin in a time: a run has a place
-- under each of its keys before its work begins, and gives them up in the append that closes it.

-- A run that waits for its place under this key.
create table place_wait (
    run_id   uuid primary key,                    -- for one key after the other
    tenant   text not null check (tenant <> ''),
    shard    smallint not null check (shard between 0 and 255),
    slot     integer not null,                    -- which of its keys
    key      text not null check (key <> ''),
    priority integer not null,                    -- among the runs of its tenant; larger first
    most     integer check (most > 0),            -- at a time
    many     integer check (many > 0),            -- … and as many in `per_ms`
    per_ms   bigint check (per_ms > 0),
    since    timestamptz not null default now(),
    check ((many is null) = (per_ms is null)),
    check (most is not null or many is not null)
) with (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000
);
create index place_wait_turn on place_wait (key, tenant, priority desc, since, run_id);
create index place_wait_last on place_wait (key, since, run_id);

create table place (
    run_id   uuid not null,
    key      text not null,
    tenant   text not null check (tenant <> ''),
    given_at timestamptz not null,
    primary key (run_id, key)
) with (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000
);
create index place_of_key on place (key, tenant);

-- A key under which a place may be free: a run came to wait, one gave its place up, or the time has
-- come at which a rate allows more. Whoever gives places looks at these keys only, and takes them.
create table place_look (
    key text not null,
    due timestamptz not null default now()
) with (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000
);
create index place_look_due on place_look (due);

-- When a tenant was last given a place under a key, so that tenants take turns.
create table place_turn (
    key      text not null,
    tenant   text not null check (tenant <> ''),
    given_at timestamptz not null,
    primary key (key, tenant)
) with (fillfactor = 70);

-- Beginnings that a rate counts, as long as it does.
create table place_begun (
    key text not null,
    at  timestamptz not null
);
create index place_begun_key on place_begun (key, at);
