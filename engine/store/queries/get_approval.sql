select approval_id, run_id, tenant, case_id, workflow, step, kind, status, digest, card,
       requested_at, expires_at, changed_at
from approval
where approval_id = $1::uuid and tenant = $2::text
