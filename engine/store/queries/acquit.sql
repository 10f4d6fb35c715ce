-- Forgets the runs on probation that got on, and tells how the others do.
-- $1 member, $2 now, $3 seconds without harm
--
-- What shows that a process outlived what the run does: a step_completed or activity_succeeded
-- (kinds 9, 15); or an attempt that began (14) and ended in failure (16) or unknown (17). These two
-- alone are also recorded by resuming, about attempts that an earlier process began.
--
-- Asleep is who waits and has no message to take. What is written after a run was named begins a
-- row of its own, so rows are found by their first event.
with called as materialized (
    select run_id from inbox
    where consumed_at is null and refused is null
      and shard = any (array(select shard from probation where member_id = $1::uuid))
),
judged as materialized (
    select probation.run_id,
           coalesce(run.status not in ('running', 'waiting'), false)
           or probation.resumed_at < $2::timestamptz - $3::int4 * interval '1 second'
           or exists (select from history_event as event
                      where event.run_id = probation.run_id
                        and event.stored_with > probation.sequence
                        and event.kind in (9, 15))
           or exists (select from history_event as began
                          join history_event as ended using (run_id)
                      where began.run_id = probation.run_id
                        and began.stored_with > probation.sequence and began.kind = 14
                        and ended.stored_with > probation.sequence
                        and ended.sequence > began.sequence
                        and ended.kind in (16, 17)) as harmless,
           coalesce(run.status = 'waiting'
                    and (run.wake_at is null or run.wake_at > $2::timestamptz)
                    and probation.run_id not in (select run_id from called), false) as asleep
    from probation
         left join run on run.run_id = any (array[probation.run_id])
    where probation.member_id = $1::uuid
),
acquitted as (
    delete from probation using judged
    where judged.harmless and probation.run_id = any (array[judged.run_id])
      and probation.member_id = $1::uuid
)
select run_id, asleep from judged where not harmless order by run_id
