-- Events from outside. One that is known already, by source and id, changes nothing. Answers how
-- many are new.
-- $1 tenant, $2 sources, $3 ids, $4 types, $5 contents
with posted as (
    insert into event_in (tenant, source, event_id, type, content)
    select $1::text, source, event_id, type, content
    from unnest($2::text[], $3::text[], $4::text[], $5::text[])
        with ordinality as event(source, event_id, type, content, nth)
    order by nth
    on conflict (tenant, source, event_id) do nothing
    returning position
),
told as materialized (
    select pg_notify('resolute_inbox', '') from posted limit 1
)
select (select count(*) from posted), (select count(*) from told)
