-- Who outside is sent events, and what each is still to be sent: docs/decisions/0036.

create table webhook (
    tenant            text not null check (tenant <> ''),
    name              text not null check (name <> ''),
    -- The latest event that was looked at, in the order of (transaction_id, position). Whoever is
    -- new is sent what comes from now on.
    heard_transaction xid8 not null default pg_snapshot_xmin(pg_current_snapshot()),
    heard_position    bigint not null default 0,
    delivered         bigint not null default 0,
    delivered_at      timestamptz,
    failures          integer not null default 0,  -- attempts in a row
    held_until        timestamptz,                 -- nothing is sent before
    last_failure      text,
    last_failure_at   timestamptz,
    primary key (tenant, name)
) with (fillfactor = 70);

-- Gone once the receiver has taken it.
create table webhook_delivery (
    delivery_id uuid primary key default gen_random_uuid(),
    tenant      text not null check (tenant <> ''),
    webhook     text not null check (webhook <> ''),
    position    bigint not null,                   -- in event_in, which keeps it meanwhile
    posted_at   timestamptz not null default now(),
    attempts    integer not null default 0 check (attempts >= 0),
    next_at     timestamptz default now(),         -- null: given up, until somebody asks for it
    claimed_at  timestamptz,                       -- it is being sent; next_at is then when not
    why         text,                              -- of the last attempt
    unique (tenant, webhook, position),
    check (next_at is not null or claimed_at is null)
) with (fillfactor = 70);
create index webhook_delivery_due on webhook_delivery (tenant, webhook, next_at)
    where next_at is not null;
create index webhook_delivery_event on webhook_delivery (position);

-- Those who want many types read events of all of them in one order.
create index event_in_every on event_in (transaction_id, position);
