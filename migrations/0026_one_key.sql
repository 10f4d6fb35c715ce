-- What a listener and an event meet by is one number: of the tenant, the type and what must be
-- equal. An index of it is half of one of all three (docs/decisions/0040-what-can-be-computed.md).
-- Whoever looks up by it still compares the three, as two of them may have the same number.
create function meeting_key(tenant text, type text, equals jsonb) returns bigint
    language sql immutable parallel safe as $$
    select jsonb_hash_extended(equals, hashtextextended(type, hashtextextended(tenant, 0)))
$$;

alter table listener rename to listener_before;
alter index listener_pkey rename to listener_before_pkey;
drop index listener_order, listener_declining;

create table listener (
    since    timestamptz not null default now(),
    key      bigint not null generated always as (meeting_key(tenant, type, equals)) stored,
    slot     integer not null,
    shard    smallint not null check (shard between 0 and 255),
    run_id   uuid not null,
    step     text not null,
    tenant   text not null check (tenant <> ''),
    type     text not null,
    equals   jsonb not null,                      -- [[path, value], …] that the event must have
    declined bigint[] not null,                   -- events that the step looked at and left
    primary key (run_id, step, slot)
);

insert into listener (since, slot, shard, run_id, step, tenant, type, equals, declined)
select since, slot, shard, run_id, step, tenant, type, equals, declined from listener_before;
drop table listener_before;

create index listener_order on listener (key, since) where declined = '{}';
create index listener_declining on listener (key) where declined <> '{}';

alter table event_key rename to event_key_before;
alter index event_key_pkey rename to event_key_before_pkey;
drop index event_key_order;

create table event_key (
    position bigint not null references event_in on delete cascade,
    key      bigint not null generated always as (meeting_key(tenant, type, equals)) stored,
    tenant   text not null,
    type     text not null,
    equals   jsonb not null,                      -- as a listener that it fits would have it
    primary key (position, equals)
);

insert into event_key (position, tenant, type, equals)
select position, tenant, type, equals from event_key_before;
drop table event_key_before;

create index event_key_order on event_key (key, position);

-- Where a run's history ends is in its history.
alter table run drop column head;
