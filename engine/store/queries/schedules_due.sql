-- Schedules of the shards $1 that must be looked at by $2, the earliest first, and those that have
-- events to look at; $3 at most.
with due as (
    select schedule_id, next_at from schedule
    where next_at is not null and next_at <= $2::timestamptz and shard = any ($1::int2[])
    order by next_at
    limit $3::int8
),
hearing as (
    select schedule_id, next_at from schedule
    where event_types <> '{}' and shard = any ($1::int2[])
      and exists (
          select from event_in
          where event_in.type = any (schedule.event_types) and event_in.tenant = schedule.tenant
            and (transaction_id, +position)
                > (schedule.heard_transaction, schedule.heard_position)
            and transaction_id < pg_snapshot_xmin(pg_current_snapshot()))
    limit $3::int8
)
select schedule_id, tenant, workflow, workflow_version, workflow_digest,
       array_to_json(event_types), published_at, revision, next_at,
       heard_transaction, heard_position, state
from schedule
where schedule_id in (select schedule_id from due union select schedule_id from hearing)
order by next_at nulls last, schedule_id
