select kind, name, version, digest, body, published_at, published_by
from definition
where tenant = $1::text and kind = $2::text and name = $3::text
order by published_at desc, version
limit $4::int8
