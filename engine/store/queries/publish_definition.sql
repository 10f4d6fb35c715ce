-- $1 tenant, $2 kind, $3 name, $4 version, $5 digest, $6 body, $7 time, $8 by whom
insert into definition (tenant, kind, name, version, digest, body, published_at, published_by)
values ($1::text, $2::text, $3::text, $4::text, $5::bytea, $6::text, $7::timestamptz, $8::text)
on conflict do nothing
