-- Finding the listener of an event without looking at every other one. What a listener wants to be
-- equal ("equals": paths and values) is one key; an event has such a key for every list of paths
-- that any listener of its type ever had. Both sides are then found by index, however many wait.

create table event_shape (
    tenant text not null,
    type   text not null,
    paths  jsonb not null,                        -- [path, …], as they come in `equals`
    primary key (tenant, type, paths)
);

-- Of events that nobody has taken. Filled by whoever matches, and only by that.
create table event_key (
    position bigint not null references event_in on delete cascade,
    tenant   text not null,
    type     text not null,
    equals   jsonb not null,                      -- as a listener that it fits would have it
    key      bigint not null generated always as (jsonb_hash_extended(equals, 0)) stored,
    primary key (position, equals)
);
create index event_key_order on event_key (tenant, type, key, position);

alter table listener
    add column key bigint not null generated always as (jsonb_hash_extended(equals, 0)) stored;
drop index listener_type;
create index listener_order on listener (tenant, type, key, since, run_id, step, slot)
    where declined = '{}';
create index listener_declining on listener (tenant, type, key) where declined <> '{}';
