-- What waits for a person, oldest first.
-- $1 tenant, $2 requested after, $3 and behind this approval at that moment, $4 limit
select approval_id, tenant, run_id, case_id, workflow, step, kind, status, digest, card, requested_at, expires_at, changed_at
from approval
where tenant = $1::text and status = 'pending' and (requested_at, approval_id) > ($2::timestamptz, $3::uuid)
order by requested_at, approval_id
limit $4::int8
