-- Keeps an item; what was known under the same key is superseded, not erased. Sending it again
-- changes nothing.
-- $1 id, $2 tenant, $3 scope, $4 subject, $5 key, $6 value, $7 class, $8 integrity, $9 source,
-- $10 writer, $11 at
with known as (
    select 1 from memory_item where item_id = $1::uuid
), kept as (
    insert into memory_item (item_id, tenant, scope, subject, key, value, class, integrity,
        source, writer, valid_from, recorded_at)
    select $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text::jsonb, $7::text, $8::text,
        $9::text::jsonb, $10::text,
           $11::timestamptz, $11::timestamptz
    where not exists (select 1 from known)
    on conflict (item_id) do nothing
    returning item_id
)
update memory_item set superseded_at = $11::timestamptz, superseded_by = $1::uuid
where tenant = $2::text and scope = $3::text and subject = $4::text and key = $5::text
  and superseded_at is null and item_id <> $1::uuid and exists (select 1 from kept)
