-- What is known now about a subject: all of it, one key, or what fits some words; best first.
-- $1 tenant, $2 scope, $3 subject, $4 key or '', $5 words or '', $6 now, $7 limit
select item_id, scope, subject, key, value::text, class, integrity, source::text, writer,
        recorded_at
from memory_item
where tenant = $1::text and scope = $2::text and subject = $3::text
  and ($4::text = '' or key = $4::text)
  and ($5::text = '' or search @@ websearch_to_tsquery('simple', $5::text))
  and superseded_at is null
  and (valid_to is null or valid_to > $6::timestamptz)
  and (expires_at is null or expires_at > $6::timestamptz)
order by case when $5::text = '' then 0 else ts_rank(search, websearch_to_tsquery('simple',
        $5::text)) end desc,
         recorded_at desc, item_id
limit $7::int8
