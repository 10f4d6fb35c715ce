-- An event from outside. One that is known already, by source and id, changes nothing. Answers
-- whether it is new.
-- $1 tenant, $2 source, $3 id, $4 type, $5 content
with posted as (
    insert into event_in (tenant, source, event_id, type, content)
    values ($1::text, $2::text, $3::text, $4::text, $5::text)
    on conflict (tenant, source, event_id) do nothing
    returning position
),
told as materialized (
    select pg_notify('resolute_inbox', '') from posted
)
select (select count(*) from told) > 0
