-- What the webhooks $2 of the tenant $1 have not looked at, $3 events for each at most, in an order
-- in which none can appear later before one that was read.
select webhook.name, webhook.heard_transaction, webhook.heard_position,
       event.transaction_id, event.position, event.type
from webhook
cross join lateral (
    select transaction_id, position, type
    from event_in
    where tenant = $1::text
      and (transaction_id, +position) > (webhook.heard_transaction, webhook.heard_position)
      and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    order by transaction_id, +position
    limit $3::int8
) as event
where webhook.tenant = $1::text and webhook.name = any ($2::text[])
order by webhook.name, event.transaction_id, event.position
