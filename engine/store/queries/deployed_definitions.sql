-- Everything in force, by kind and name.
-- $1 tenant
select d.kind, d.name, d.version, d.digest, d.body, p.at
from deployment p join definition d using (tenant, kind, name, digest)
where p.tenant = $1::text
order by d.kind, d.name
