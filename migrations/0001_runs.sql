-- Runs and their histories: the only tables on the hot path.
--
-- No foreign keys here: the append that writes an event also writes the rows that belong to it.

create table run (
    run_id           uuid primary key,            -- version 7: made together, stored together
    tenant           text not null check (tenant <> ''),
    shard            smallint not null check (shard between 0 and 255),
    status           text not null
        check (status in ('running', 'waiting', 'completed', 'faulted', 'cancelled',
                          'quarantined')),
    workflow         text not null check (workflow <> ''),
    workflow_version text not null,
    workflow_digest  bytea not null check (octet_length(workflow_digest) = 32),
    case_id          text check (case_id <> ''),
    waits_code       text check (waits_code <> ''),
    waits_sentence   text,
    wake_at          timestamptz,
    sequence         bigint not null check (sequence > 0),
    head             bytea not null check (octet_length(head) = 32),
    started_at       timestamptz not null,
    updated_at       timestamptz not null,
    constraint run_waits_for_something check (status <> 'waiting' or waits_code is not null),
    constraint run_closed_is_not_woken check (status in ('running', 'waiting') or wake_at is null)
) with (
    fillfactor = 85,                              -- a run is updated a few times, then never again
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02
);

-- One run per case and workflow; the case comes first because people look for a case alone.
create unique index run_case on run (tenant, case_id, workflow) where case_id is not null;
-- What a new owner resumes, and what a timer wakes: both stay as small as the work that is open.
create index run_in_progress on run (run_id, shard) where status = 'running';
create index run_due on run (wake_at, shard) where status = 'waiting' and wake_at is not null;
-- Lists by status; completed runs are the many and are read in the order of the primary key.
create index run_open on run (tenant, status, run_id) where status <> 'completed';

create table event (
    run_id   uuid not null,
    sequence bigint not null check (sequence > 0),
    at       timestamptz not null,
    kind     smallint not null,
    tenant   text not null,
    chain    bytea not null check (octet_length(chain) = 32),
    body     bytea not null,                      -- the exact bytes that the chain covers
    primary key (run_id, sequence)
) partition by range (run_id);

-- A run whose id has no month of its own still has a place; nothing is lost while upkeep is late.
create table event_default partition of event default;

-- The smallest version 7 UUID of a moment.
create function event_bound(at timestamptz) returns uuid
    language sql immutable strict parallel safe as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Makes the monthly partitions (UTC) that cover [since, until]; returns how many are new. A month
-- whose runs already went to the default partition stays there.
create function event_partitions(since timestamptz, until timestamptz) returns integer
    language plpgsql as $$
declare
    month timestamp := date_trunc('month', since at time zone 'UTC');
    name  text;
    made  integer := 0;
begin
    while month at time zone 'UTC' <= until loop
        name := 'event_' || to_char(month, 'YYYY_MM');
        if to_regclass(quote_ident(current_schema()) || '.' || name) is null then
            begin
                execute format(
                    'create table %I partition of event for values from (%L) to (%L) with ('
                    'autovacuum_vacuum_insert_scale_factor = 0.05, '
                    'autovacuum_analyze_scale_factor = 0.05)',
                    name, event_bound(month at time zone 'UTC'),
                    event_bound((month + interval '1 month') at time zone 'UTC'));
                made := made + 1;
            exception when check_violation then
                raise notice 'runs of % stay in the default partition',
                    to_char(month, 'YYYY-MM');
            end;
        end if;
        month := month + interval '1 month';
    end loop;
    return made;
end
$$;

select event_partitions(now() - interval '1 month', now() + interval '3 months');

-- For people: `json` keeps what `jsonb` refuses (an escaped NUL) and the order of the members.
create view event_readable as
    select run_id, sequence, at, kind, tenant, convert_from(body, 'UTF8')::json as body,
           encode(chain, 'hex') as chain
    from event;

-- Where a run can be resumed without its whole history.
create table snapshot (
    run_id   uuid primary key,
    tenant   text not null,
    sequence bigint not null check (sequence > 0),
    state    bytea not null,
    at       timestamptz not null
);

-- Messages from outside. Kept for a while after they were consumed, so that a message that is sent
-- twice under one id is delivered once.
create table inbox (
    position    bigint generated always as identity primary key,
    message_id  uuid not null unique,
    tenant      text not null,
    run_id      uuid not null,
    shard       smallint not null check (shard between 0 and 255),
    content     text not null,                    -- JSON
    posted_at   timestamptz not null default now(),
    consumed_at timestamptz
) with (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000
);
create index inbox_open on inbox (position, shard) where consumed_at is null;
create index inbox_consumed on inbox (consumed_at) where consumed_at is not null;

-- Attempts whose outcome is unknown right now; a normal step has no row here.
create table unresolved (
    run_id        uuid not null,
    step          text not null,
    tenant        text not null,
    target        text not null,
    key           text not null,
    attempt       integer not null check (attempt >= 0),
    verifications integer not null check (verifications >= 0),
    verify_at     timestamptz,                    -- none: a person was asked
    since         timestamptz not null,
    primary key (run_id, step)
) with (fillfactor = 70);

-- Runs that were set aside because their history says what cannot have happened, or because they
-- brought their process down.
create table quarantine (
    run_id uuid primary key,
    tenant text not null,
    reason text not null,
    at     timestamptz not null
);

-- A large payload, once, by its salted digest.
create table blob (
    tenant  text not null,
    digest  bytea not null check (octet_length(digest) = 32),
    content bytea not null,
    at      timestamptz not null,
    primary key (tenant, digest)
);

-- Bodies are JSON text: lz4 costs a third of pglz where the server has it.
do $$
begin
    alter table event alter column body set compression lz4;
    alter table event_default alter column body set compression lz4;
exception when feature_not_supported then
    raise notice 'this server was built without lz4';
end
$$;
