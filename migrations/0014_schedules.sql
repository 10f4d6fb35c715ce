-- What starts runs by itself: one row for each workflow in force that has a schedule.

create table schedule (
    schedule_id       uuid primary key,
    tenant            text not null check (tenant <> ''),
    shard             smallint not null check (shard between 0 and 255),
    workflow          text not null check (workflow <> ''),
    workflow_version  text not null,
    workflow_digest   bytea not null check (octet_length(workflow_digest) = 32),
    event_types       text[] not null,             -- that it starts runs on; none: it has times
    published_at      timestamptz not null,
    revision          bigint not null default 1,   -- counts every change
    next_at           timestamptz,                 -- when somebody must look at it
    -- The latest event that was decided, in the order of (transaction_id, position).
    heard_transaction xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
    heard_position    bigint not null default 0,
    state             jsonb not null default '{}',
    unique (tenant, workflow)
) with (fillfactor = 70);
create index schedule_due on schedule (next_at) where next_at is not null;
create index schedule_hears on schedule (schedule_id) where event_types <> '{}';

-- Positions are given before their transactions commit. Whoever must not miss an event reads those
-- of transactions that are over, in this order.
alter table event_in add column transaction_id xid8 not null default pg_current_xact_id();
create index event_in_order on event_in (type, transaction_id, position);
