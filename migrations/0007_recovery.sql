-- What a run can be resumed from, and which runs are being resumed with care.

-- A snapshot names what it belongs to: whoever cannot use it folds the history.
alter table snapshot
    add column format     smallint not null check (format > 0),
    add column head       bytea not null check (octet_length(head) = 32),
    add column definition bytea not null check (octet_length(definition) = 32);

-- Runs that were open when their process died, from being resumed until they are known to be
-- harmless. If that process dies too, one of them may be the reason.
create table probation (
    run_id     uuid primary key,
    tenant     text not null,
    shard      smallint not null check (shard between 0 and 255),
    member_id  uuid not null,                     -- who resumed it
    alone      boolean not null,                  -- no other run on probation was tried beside it
    deaths     smallint not null default 0 check (deaths >= 0),  -- of processes, while alone
    sequence   bigint not null,                   -- of its history, when it was resumed
    resumed_at timestamptz not null
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index probation_shard on probation (shard);

-- What is known about a run that was set aside: a JSON document for whoever looks into it.
alter table quarantine add column bundle text;
