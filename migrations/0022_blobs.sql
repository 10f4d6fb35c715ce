-- Large values of event bodies, once for each run. The table was made in 0001 by tenant and never
-- written; by run it is dropped month by month together with the events that refer to it.

drop table blob;

create table blob (
    run_id  uuid not null,
    digest  bytea not null check (octet_length(digest) = 32),
    tenant  text not null check (tenant <> ''),
    content text not null,                        -- JSON, exactly as it stood in the body
    primary key (run_id, digest)
) partition by range (run_id);

-- As for event bodies: lz4 costs a third of pglz where the server has it.
do $$
begin
    alter table blob alter column content set compression lz4;
exception when feature_not_supported then
    raise notice 'this server was built without lz4';
end
$$;

create table blob_default partition of blob default;

-- As before, for both tables; it still counts the partitions of `event`.
create or replace function event_partitions(since timestamptz, until timestamptz) returns integer
    language plpgsql as $$
declare
    month  timestamp := date_trunc('month', since at time zone 'UTC');
    parent text;
    name   text;
    made   integer := 0;
begin
    while month at time zone 'UTC' <= until loop
        foreach parent in array array['event', 'blob'] loop
            name := parent || to_char(month, '_YYYY_MM');
            if to_regclass(quote_ident(current_schema()) || '.' || name) is null then
                begin
                    execute format(
                        'create table %I partition of %I for values from (%L) to (%L) with ('
                        'autovacuum_vacuum_insert_scale_factor = 0.05, '
                        'autovacuum_analyze_scale_factor = 0.05)',
                        name, parent, event_bound(month at time zone 'UTC'),
                        event_bound((month + interval '1 month') at time zone 'UTC'));
                    made := made + (parent = 'event')::integer;
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

select event_partitions(now() - interval '1 month', now() + interval '3 months');

-- A body whose large values were taken out is a list: where they were and which blobs they are, and
-- what remains, with `null` in their places.
create or replace view event_readable as
    select run_id, sequence, at, kind, tenant,
           case when is_apart then stored.content -> 1 else stored.content end as body,
           encode(chain, 'hex') as chain,
           case when is_apart then stored.content -> 0 end as blobs
    from event
         cross join lateral (
             select convert_from(body, 'UTF8')::json as content,
                    substring(body for 1) = '\x5b' as is_apart) as stored;
