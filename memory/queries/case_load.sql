-- The record of a case, which nobody else changes until this transaction ends.
-- $1 tenant, $2 case
select record::text from case_record where tenant = $1::text and case_id = $2::text for update
