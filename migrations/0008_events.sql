-- Events (CloudEvents 1.0) that came from outside or that runs emitted, and the steps that listen.
-- Each event is taken by one listener, in the transaction that posts it to the listener's run.

create table event_in (
    position  bigint generated always as identity primary key,
    tenant    text not null check (tenant <> ''),
    source    text not null check (source <> ''),
    event_id  text not null check (event_id <> ''),
    type      text not null check (type <> ''),
    content   text not null,                      -- JSON, as it came
    is_fresh  boolean not null default true,      -- nobody has looked for its listener yet
    posted_at timestamptz not null default now(),
    taken_by  uuid,                               -- run
    taken_at  timestamptz,
    unique (tenant, source, event_id),
    check ((taken_by is null) = (taken_at is null))
);
create index event_in_open on event_in (type, position) where taken_by is null;
create index event_in_fresh on event_in (position) where is_fresh and taken_by is null;

-- A step that waits for one event has a row for every filter that may let it through.
create table listener (
    run_id   uuid not null,
    step     text not null,
    slot     integer not null,
    tenant   text not null check (tenant <> ''),
    shard    smallint not null check (shard between 0 and 255),
    type     text not null,
    equals   jsonb not null,                      -- [[path, value], …] that the event must have
    declined bigint[] not null,                   -- events that the step looked at and left
    is_fresh boolean not null default true,
    since    timestamptz not null default now(),
    primary key (run_id, step, slot)
);
create index listener_type on listener (type);
create index listener_fresh on listener (run_id) where is_fresh;
