-- What the webhook $2 of the tenant $1 is still to be sent, what was given up first; $3 at most.
select delivery_id, type, source, event_id, delivery.posted_at, attempts, next_at, claimed_at, why
from webhook_delivery as delivery left join event_in using (position)
where delivery.tenant = $1::text and webhook = $2::text
order by next_at nulls first, position
limit $3::int8
