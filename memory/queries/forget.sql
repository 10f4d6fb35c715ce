-- Stops items from being recalled; they stay in the record with the moment at which they were
-- forgotten.
-- $1 tenant, $2 scope, $3 subject, $4 key or '' for all of the subject, $5 at
update memory_item set superseded_at = $5::timestamptz
where tenant = $1::text and scope = $2::text and subject = $3::text and ($4::text = '' or key =
        $4::text)
  and superseded_at is null
