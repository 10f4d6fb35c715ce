-- Which process owns which shard. These tables have no tenant: a member serves them all.

-- One incarnation of one engine process.
create table member (
    member_id  uuid primary key,
    name       text not null,
    joined_at  timestamptz not null,
    expires_at timestamptz not null,
    fenced     boolean not null default false
) with (fillfactor = 50);

-- One committer's connection. Every batch updates its own writer's row first, so a fenced writer
-- writes nothing, and the row answers whether a COMMIT whose answer was lost has arrived.
create table writer (
    member_id  uuid not null,
    ordinal    smallint not null check (ordinal >= 0),
    epoch      bigint not null default 0,         -- of the connection; older ones are void
    last_batch bigint not null default 0,
    fenced     boolean not null default false,
    primary key (member_id, ordinal)
) with (
    fillfactor = 10,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 500
);

create table shard (
    shard     smallint primary key check (shard between 0 and 255),
    member_id uuid,                               -- none: free
    since     timestamptz not null default now()
) with (fillfactor = 50);

insert into shard (shard) select generate_series(0, 255);
