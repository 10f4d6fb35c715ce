-- Gives keys to events: to new ones, one for every shape of their type; and when a shape is new, to
-- all events of its type that nobody has taken. The type "" is every type. Held alone
-- (events_unmatched.sql). Answers the new events, now that they have their keys, and the looks at
-- new listeners.
-- $1 most new events, and most runs with new listeners but for those of the last look
with looks as materialized (
    select position, runs
    from (select position, runs,
                 sum(cardinality(runs)) over (order by position) - cardinality(runs) as before
          from (select position, runs from listener_look
                order by position
                limit $1::int4) as oldest) as of
    where before < $1::int4
),
added as (
    insert into event_shape (tenant, type, paths)
    select distinct tenant, type, jsonb_path_query_array(equals, 'strict $[*][0]')
    from (select unnest(runs) as run_id from looks) as new
    join listener on listener.run_id = any (array[new.run_id])
    on conflict do nothing
    returning tenant, type, paths
),
fresh as materialized (
    select position, tenant, type, content
    from event_in
    where is_fresh and taken_by is null
    order by position
    limit $1::int4
),
-- Of the open ones alone, in whose index they stand in this order.
meant as (
    select position, tenant, added.type, content, paths
    from added
    cross join lateral (select position, tenant as of, content from event_in
                        where type = added.type and taken_by is null
                        order by position
                        offset 0) as event
    where event.of = added.tenant
    union all
    select position, tenant, added.type, content, paths
    from added
    join (select position, tenant, content from event_in where taken_by is null offset 0) as event
        using (tenant)
    where added.type = ''
    union all
    select position, tenant, shape.type, content, paths
    from fresh join event_shape as shape using (tenant)
    where shape.type in (fresh.type, '')
),
-- A text with U+0000 cannot be compared as jsonb; such an event is offered by its type alone.
wanted as materialized (
    select * from meant
    where paths = '[]' or content !~ '(^|[^\\])(\\\\)*\\u0000'
),
keyed as (
    select wanted.*, found.equals
    from wanted
    cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_array(path, at.value) order by nth), '[]') as equals,
               count(*) = count(at.value) as is_whole  -- an event without the member fits nobody
        from jsonb_array_elements(wanted.paths) with ordinality as one(path, nth)
        cross join lateral (
            select (wanted.content::json #> array(select jsonb_array_elements_text(path)))::jsonb
                as value
        ) as at
    ) as found
    where found.is_whole
),
stored as (
    insert into event_key (position, tenant, type, equals)
    select position, tenant, type, equals from keyed
    on conflict do nothing
    returning position
)
select array(select position from fresh)::text, array(select position from looks)::text,
       (select count(*) from stored)
