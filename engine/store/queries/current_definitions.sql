-- $1 tenant, $2 kind, $3 name; "" for any name
select kind, name, version, digest, body, published_at, published_by
from deployment join definition using (tenant, kind, name, digest)
where tenant = $1::text and kind = $2::text and ($3::text = '' or name = $3::text)
order by name
