-- What a run that waits keeps in the database: its row, its listener or approval, and indexes.
--
-- Who is new among the listeners was a mark in their rows, which an update took away, so that each
-- was stored twice. It is now said beside them, once for all that a commit adds.

create table listener_look (
    position bigint generated always as identity primary key,
    runs     uuid[] not null check (cardinality(runs) > 0)
) with (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000
);

insert into listener_look (runs)
select array_agg(distinct run_id) from listener where is_fresh having count(*) > 0;

-- The columns that are aligned come first. Those who wait equally long are told apart by sorting.
alter table listener rename to listener_before;
alter index listener_pkey rename to listener_before_pkey;
drop index listener_order, listener_declining, listener_fresh;

create table listener (
    since    timestamptz not null default now(),
    key      bigint not null generated always as (jsonb_hash_extended(equals, 0)) stored,
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

create index listener_order on listener (tenant, type, key, since) where declined = '{}';
create index listener_declining on listener (tenant, type, key) where declined <> '{}';

-- Free space in pages is for updates that change no index. These change the status, which is in
-- three of them.
alter table run reset (fillfactor);
alter table approval reset (fillfactor);
