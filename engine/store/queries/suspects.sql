-- After shards were taken over: which runs there were named by a member that died meanwhile.
-- $1 member, $2 shards, $3 now
--
-- A member that left in good order proves its runs harmless, and so does the end of a run. Of those
-- of a dead one that were not asleep, the one that was tried alone last is blamed. Each death
-- counts once: the new owner takes the markers over. Who was to be woken later than the lease of
-- the dead one lasted, slept when it died, however late it is now; but not who has a message to
-- take: it is resumed for that.
with called as materialized (
    select run_id from inbox
    where consumed_at is null and refused is null and shard = any ($2::int2[])
),
named as materialized (
    select probation.run_id, probation.member_id, probation.alone, probation.resumed_at,
           member.member_id is null
           or coalesce(run.status not in ('running', 'waiting'), false) as harmless,
           coalesce(run.status = 'waiting'
                    and (run.wake_at is null
                         or run.wake_at > least($3::timestamptz, member.expires_at))
                    and probation.run_id not in (select run_id from called),
                    false) as asleep
    from probation
         left join member on member.member_id = any (array[probation.member_id])
         left join run on run.run_id = any (array[probation.run_id])
    where probation.shard = any ($2::int2[]) and probation.member_id <> $1::uuid
      and coalesce(member.fenced, true)
),
blamed as materialized (
    select distinct on (member_id) run_id
    from named
    where not harmless and alone and not asleep
    order by member_id, resumed_at desc
),
cleared as (
    delete from probation using named
    where named.harmless and probation.run_id = any (array[named.run_id])
),
inherited as (
    update probation
    set member_id = $1::uuid, alone = false,
        deaths = deaths + (probation.run_id in (select run_id from blamed))::int
    from named
    where not named.harmless and probation.run_id = any (array[named.run_id])
    returning probation.run_id, probation.deaths, probation.resumed_at, named.asleep
)
select run_id, deaths from inherited where not asleep order by deaths desc, resumed_at, run_id
