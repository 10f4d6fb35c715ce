-- $1 tenant, $2 case, $3 workflow
select run_id, tenant, shard, workflow, workflow_version, workflow_digest, case_id, status, waits_code, waits_sentence,
       wake_at, sequence, head, started_at, updated_at
from run
where tenant = $1::text and case_id = $2::text and workflow = $3::text
