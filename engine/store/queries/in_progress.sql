-- Runs of the shards $1 that somebody was working on, the oldest first.
select run_id, shard, status, wake_at
from run
where status = 'running' and shard = any ($1::int2[])
order by run_id
limit $2::int8
