-- What no run waits for: partitions for the months to come, old messages and dead members; and
-- schedules that came from another server.
-- $1 months ahead, $2 hours for which consumed messages are kept
with swept as (
    delete from inbox where consumed_at < now() - $2::int4 * interval '1 hour'
),
consumed_events as (
    delete from event_in where taken_at < now() - interval '7 days'
      and not exists (select from webhook_delivery as owed where owed.position = event_in.position)
),
-- Nobody listened for a month.
unheard as (
    delete from event_in where taken_by is null and posted_at < now() - interval '30 days'
      and not exists (select from webhook_delivery as owed where owed.position = event_in.position)
    returning position
),
-- Their keys go with them; one that was made at that very time goes the next time.
unkeyed as (
    delete from event_key
    where position in (select position from unheard)
       or position < (select min(position) from event_in)
),
-- Nobody asked for it again for a month.
undelivered as (
    delete from webhook_delivery
    where next_at is null and posted_at < now() - interval '30 days'
),
-- Longer ago than any rate or turn looks back.
begun_before as (
    delete from place_begun where at < now() - interval '1 day'
),
turns_before as (
    delete from place_turn where given_at < now() - interval '1 day'
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
),
-- Restored on a server whose transactions have lower numbers, they would hear of no event.
restored as (
    update schedule
    set heard_transaction = pg_snapshot_xmin(pg_current_snapshot()), heard_position = 0,
        revision = revision + 1
    where heard_transaction > pg_snapshot_xmax(pg_current_snapshot())
),
restored_webhooks as (
    update webhook
    set heard_transaction = pg_snapshot_xmin(pg_current_snapshot()), heard_position = 0
    where heard_transaction > pg_snapshot_xmax(pg_current_snapshot())
)
select history_partitions(now(), now() + $1::int4 * interval '1 month')
