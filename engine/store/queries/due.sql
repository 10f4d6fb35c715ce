-- Waiting runs of the shards $1 that are to be woken by $2, the longest overdue first.
select run_id, shard, status, wake_at
from run
where status = 'waiting' and wake_at is not null and wake_at <= $2::timestamptz
  and shard = any ($1::int2[])
order by wake_at
limit $3::int8
