-- What a bare client writes to: a row for each event, its key, and nothing around it.
drop table if exists bare_event;
create table bare_event (
    run_id   uuid not null,
    sequence bigint not null check (sequence > 0),
    at       timestamptz not null,
    kind     smallint not null,
    tenant   text not null,
    chain    bytea not null check (octet_length(chain) = 32),
    body     bytea not null,
    primary key (run_id, sequence)
);
