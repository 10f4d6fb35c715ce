-- One approval, and the event that asks for it, where the card is.
select approval_id, approval.run_id, approval.tenant, case_id, workflow, step, approval.kind,
       status, digest, requested_at, expires_at, changed_at, asked_in,
       asked.sequence, asked.at, asked.kinds, asked.body, asked.chain
from approval
     left join lateral (
         select asked.*
         from history asked
         where asked.run_id = approval.run_id and asked.sequence <= asked_in
         order by asked.sequence desc limit 1) as asked on true
where approval_id = $1::uuid and approval.tenant = $2::text
