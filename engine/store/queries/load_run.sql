select run_id, tenant, shard, workflow, workflow_version, workflow_digest, case_id, status,
       waits_code, waits_sentence, wake_at, sequence, started_at, updated_at,
       parent_id, forked_from
from run
where run_id = $1::uuid
