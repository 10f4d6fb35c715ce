-- $1 run, $2 digests
select digest, content
from blob
where run_id = $1::uuid and digest = any ($2::bytea[])
