-- The definition of a name: the one in force, or the latest of a version.
-- $1 tenant, $2 kind, $3 name, $4 version or ''
select d.kind, d.name, d.version, d.digest, d.body, d.published_at
from definition d left join deployment p using (tenant, kind, name, digest)
where d.tenant = $1::text and d.kind = $2::text and d.name = $3::text
  and (($4::text = '' and p.digest is not null) or d.version = $4::text)
order by d.published_at desc
limit 1
