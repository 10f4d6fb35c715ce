-- One approval, and the event that asks for it, where the card is.
select approval_id, approval.run_id, approval.tenant, case_id, workflow, step, approval.kind,
       status, digest, requested_at, expires_at, changed_at, asked_in, asked.kind, asked.body
from approval
     left join event asked on asked.run_id = approval.run_id and asked.sequence = asked_in
where approval_id = $1::uuid and approval.tenant = $2::text
