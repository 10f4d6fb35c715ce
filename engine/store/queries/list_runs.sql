-- Newest first: a run's id carries the time at which it started. $1 tenant; "" for any: $2 status,
-- $3 workflow, $4 case; $5 the last run of the page before; $6 limit; nil for
-- any: $7 the run whose step started them, $8 the one whose beginning they share
select run_id, tenant, shard, workflow, workflow_version, workflow_digest, case_id, status,
       waits_code, waits_sentence, wake_at, sequence, started_at, updated_at,
       parent_id, forked_from
from run
where tenant = $1::text
  and ($2::text = '' or status = $2::text)
  and ($3::text = '' or workflow = $3::text)
  and ($4::text = '' or case_id = $4::text)
  and run_id < $5::uuid
  and ($7::uuid = '00000000-0000-0000-0000-000000000000' or parent_id = $7::uuid)
  and ($8::uuid = '00000000-0000-0000-0000-000000000000' or forked_from = $8::uuid)
order by run_id desc
limit $6::int8
