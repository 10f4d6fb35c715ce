-- What a case step answered when it was carried out; no row when it was not.
-- $1 id of its entry
select record::text from case_entry where entry_id = $1::uuid
