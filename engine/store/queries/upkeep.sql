-- What no run waits for: partitions for the months to come, old messages and dead members.
-- $1 months ahead, $2 hours for which consumed messages are kept
with swept as (
    delete from inbox where consumed_at < now() - $2::int4 * interval '1 hour'
),
consumed_events as (
    delete from event_in where taken_at < now() - interval '7 days'
),
-- Nobody listened for a month.
unheard as (
    delete from event_in where taken_by is null and posted_at < now() - interval '30 days'
),
-- A closed run is never resumed.
superseded as (
    delete from snapshot using run
    where run.run_id = snapshot.run_id
      and run.status in ('completed', 'faulted', 'cancelled')
),
forgotten as (
    delete from member where fenced and expires_at < now() - interval '1 day' returning member_id
),
silenced as (
    delete from writer using forgotten where writer.member_id = forgotten.member_id
)
select event_partitions(now(), now() + $1::int4 * interval '1 month')
