-- Names runs that are about to be resumed. $1 runs, $2 their shards, $3 member, $4 alone, $5 time
insert into probation (run_id, tenant, shard, member_id, alone, sequence, resumed_at)
select wanted.run_id, coalesce(run.tenant, 'default'), wanted.shard, $3::uuid, $4::bool,
       coalesce((select last.sequence + octet_length(last.kinds) - 1 from history last
                 where last.run_id = wanted.run_id order by last.sequence desc limit 1), 0),
       $5::timestamptz
from unnest($1::uuid[], $2::int2[]) as wanted(run_id, shard)
     left join run on run.run_id = any (array[wanted.run_id])
on conflict (run_id) do update
set member_id = excluded.member_id, alone = excluded.alone, sequence = excluded.sequence,
    resumed_at = excluded.resumed_at
