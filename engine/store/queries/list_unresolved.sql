-- The longest unknown first.
select run_id, tenant, step, target, key, attempt, verifications, verify_at, since
from unresolved
where tenant = $1::text
order by since, run_id, step
limit $2::int8
