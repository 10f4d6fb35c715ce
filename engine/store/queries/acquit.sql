-- Forgets the runs on probation that got on, and tells how the others do.
-- $1 member, $2 now, $3 seconds without harm
--
-- The kinds are step_completed and activity_succeeded; a failure is recorded by resuming alone.
with judged as materialized (
    select probation.run_id,
           coalesce(run.status not in ('running', 'waiting'), false)
           or probation.resumed_at < $2::timestamptz - $3::int4 * interval '1 second'
           or exists (select from event
                      where event.run_id = probation.run_id
                        and event.sequence > probation.sequence
                        and event.kind in (9, 15)) as harmless,
           coalesce(run.status = 'waiting'
                    and (run.wake_at is null or run.wake_at > $2::timestamptz), false) as asleep
    from probation left join run on run.run_id = probation.run_id
    where probation.member_id = $1::uuid
),
acquitted as (
    delete from probation using judged
    where judged.harmless and probation.run_id = judged.run_id
      and probation.member_id = $1::uuid
)
select run_id, asleep from judged where not harmless order by run_id
