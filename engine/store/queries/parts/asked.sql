-- Approvals, each with the row of history that holds the event that asks.
select approval_id, page.run_id, page.tenant, case_id, workflow, step, page.kind,
       status, digest, requested_at, expires_at, changed_at, asked_in,
       asked.sequence, asked.at, asked.kinds, asked.body, asked.chain
from page left join lateral (
         select asked.*
         from history asked
         where asked.run_id = page.run_id and asked.sequence <= asked_in
         order by asked.sequence desc limit 1) as asked on true
