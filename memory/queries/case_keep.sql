-- Keeps the record of a case as it is now.
-- $1 tenant, $2 case, $3 status, $4 record, $5 at
insert into case_record (tenant, case_id, status, record, opened_at, updated_at)
values ($1::text, $2::text, $3::text, $4::text::jsonb, $5::timestamptz, $5::timestamptz)
on conflict (tenant, case_id) do update
set status = excluded.status, record = excluded.record, updated_at = excluded.updated_at
