-- What became of a step: whether an item was kept, and whether a subject has any that is known.
-- $1 id, $2 tenant, $3 scope, $4 subject, $5 key or '' for all of the subject
select exists (select 1 from memory_item where item_id = $1::uuid),
       exists (select 1 from memory_item
               where tenant = $2::text and scope = $3::text and subject = $4::text
                 and ($5::text = '' or key = $5::text) and superseded_at is null)
