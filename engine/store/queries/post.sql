-- A message for a run that some process owns. Sending one again under its id changes nothing.
-- Answers whether it was not taken, because $6 messages wait already.
-- $1 id, $2 tenant, $3 run, $4 shard, $5 content, $6 most
with waiting as materialized (
    select position from inbox
    where consumed_at is null and refused is null
    order by position
    offset $6::int8 - 1
    limit 1
),
posted as (
    insert into inbox (message_id, tenant, run_id, shard, content)
    select $1::uuid, $2::text, $3::uuid, $4::int2, $5::text
    where not exists (select from waiting)
    on conflict (message_id) do nothing
    returning shard
),
told as materialized (
    select pg_notify('resolute_inbox', shard::text) from posted
)
select exists (select from waiting) and not exists (select from inbox where message_id = $1::uuid),
    (select count(*) from told)
