select approval_id, run_id, tenant, decision_id, decision, decided_by, comment, refused, at
from approval_decision
where approval_id = $1::uuid
order by position
