-- $1 tenant, $2 kind, $3 digest
select kind, name, version, digest, body, published_at
from definition
where tenant = $1::text and kind = $2::text and digest = $3::bytea
limit 1
