-- What one commit adds to a run's history becomes one row. Its events share a row's head and an
-- index entry, and what they repeat is stored once (docs/decisions/0037-a-commit-is-a-row.md).

create table history (
    run_id   uuid not null,
    sequence bigint not null check (sequence > 0),     -- of the row's first event
    at       timestamptz not null,                     -- of the row's first event
    -- one byte for each event; with at most 100 of them a look-up knows where to begin
    kinds    bytea not null check (octet_length(kinds) between 1 and 100),
    chain    bytea not null check (octet_length(chain) = 32),  -- after the row's last event
    tenant   text not null,
    body     bytea not null,                           -- see engine/store/history_row.h
    primary key (run_id, sequence)
) partition by range (run_id);

-- Bodies are compressed already. A server that moved them out of the row at 2 KB would spend more.
alter table history alter column body set storage external;

create table history_default partition of history default with (toast_tuple_target = 8160);

-- Makes the monthly partitions (UTC) of both tables that cover [since, until]; returns how many of
-- `history` are new. A month whose runs already went to the default partition stays there.
create function history_partitions(since timestamptz, until timestamptz) returns integer
    language plpgsql as $$
declare
    month   timestamp := date_trunc('month', since at time zone 'UTC');
    parent  text;
    name    text;
    options text;
    made    integer := 0;
begin
    while month at time zone 'UTC' <= until loop
        foreach parent in array array['history', 'blob'] loop
            name := parent || to_char(month, '_YYYY_MM');
            options := case parent when 'history' then ', toast_tuple_target = 8160' else '' end;
            if to_regclass(quote_ident(current_schema()) || '.' || name) is null then
                begin
                    execute format(
                        'create table %I partition of %I for values from (%L) to (%L) with ('
                        'autovacuum_vacuum_insert_scale_factor = 0.05, '
                        'autovacuum_analyze_scale_factor = 0.05%s)',
                        name, parent, event_bound(month at time zone 'UTC'),
                        event_bound((month + interval '1 month') at time zone 'UTC'), options);
                    made := made + (parent = 'history')::integer;
                exception when check_violation then
                    raise notice 'runs of % stay in the default partition of %',
                        to_char(month, 'YYYY-MM'), parent;
                end;
            end if;
        end loop;
        month := month + interval '1 month';
    end loop;
    return made;
end
$$;

select history_partitions(coalesce((select min(started_at) from run), now()) - interval '1 month',
                          now() + interval '3 months');

-- A row for each event that is stored already: one whose body is not compressed.
insert into history (run_id, sequence, at, kinds, chain, tenant, body)
select run_id, sequence, at, set_byte('\x00', 0, kind), chain, tenant, '\x00'::bytea || body
from event;

drop view event_readable;
drop table event;
drop function event_partitions;

-- Which events there are; `resolute history` shows what they say. `stored_with` is the first event
-- of the row, by which rows are found.
create view history_event as
    select run_id, sequence + place as sequence, get_byte(kinds, place) as kind, tenant,
           sequence as stored_with
    from history cross join lateral generate_series(0, octet_length(kinds) - 1) as place;
