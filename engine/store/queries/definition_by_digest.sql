select kind, name, version, digest, body, published_at, published_by
from definition
where tenant = $1::text and kind = $2::text and digest = $3::bytea
order by published_at
limit 1
