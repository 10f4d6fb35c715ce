select sequence, at, kind, body, chain
from event
where run_id = $1::uuid and sequence > $2::int8
order by sequence
limit $3::int8
