-- Events of the types $2 of the tenant $1 after ($3, $4), in an order in which none can appear
-- later before one that was read; $5 at most.
select transaction_id, position, content
from event_in
where type = any ($2::text[]) and tenant = $1::text
  and (transaction_id, +position) > ($3::text::xid8, $4::int8)
  and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
order by transaction_id, +position
limit $5::int8
