-- Runs of the shards $1 that somebody was working on, the oldest first, from after $3 on.
select run_id, shard, status, wake_at
from run
where status = 'running' and shard = any ($1::int2[]) and run_id > $3::uuid
order by run_id
limit $2::int8
