-- A message for a run that some process owns. Sending one again under its id changes nothing.
-- Answers why it was not taken: 'full', $6 messages wait already; 'aside', its run was set aside
-- and $7 wait for it; null when it was. What waits for a run that was set aside may wait for long:
-- it has a bound of its own for each of them, and keeps nobody else's messages out.
-- $1 id, $2 tenant, $3 run, $4 shard, $5 content, $6 most, $7 most for a run that was set aside
with refused as materialized (
    select case
        when exists (select from quarantine where run_id = $3::uuid) then
            case when exists (
                select from inbox
                where consumed_at is null and refused is null
                  and shard = $4::int2 and run_id = $3::uuid
                order by position
                offset $7::int8 - 1
                limit 1) then 'aside' end
        -- First without asking whose they are, which is quick.
        when exists (
            select from inbox
            where consumed_at is null and refused is null
            order by position
            offset $6::int8 - 1
            limit 1) then
            case when exists (
                select from inbox
                where consumed_at is null and refused is null
                  and not exists (select from quarantine where quarantine.run_id = inbox.run_id)
                order by position
                offset $6::int8 - 1
                limit 1) then 'full' end
        end as why
),
posted as (
    insert into inbox (message_id, tenant, run_id, shard, content)
    select $1::uuid, $2::text, $3::uuid, $4::int2, $5::text
    from refused
    where why is null
    on conflict (message_id) do nothing
    returning shard
),
told as materialized (
    select pg_notify('resolute_inbox', shard::text) from posted
)
select case when not exists (select from inbox where message_id = $1::uuid) then why end,
    (select count(*) from told)
from refused
