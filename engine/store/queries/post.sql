-- A message for a run that some process owns. Sending one again under its id changes nothing.
-- $1 id, $2 tenant, $3 run, $4 shard, $5 content
with posted as (
    insert into inbox (message_id, tenant, run_id, shard, content)
    values ($1::uuid, $2::text, $3::uuid, $4::int2, $5::text)
    on conflict (message_id) do nothing
    returning shard
)
select pg_notify('resolute_inbox', shard::text) from posted
