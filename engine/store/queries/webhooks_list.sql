-- The webhooks of the tenant $1, and what they are still to be sent.
select name, delivered, delivered_at, failures, held_until, last_failure, last_failure_at,
       waiting, given_up, oldest_at, next_at
from webhook
cross join lateral (
    select count(*) filter (where delivery.next_at is not null) as waiting,
           count(*) filter (where delivery.next_at is null) as given_up,
           min(posted_at) as oldest_at,
           min(greatest(delivery.next_at, held_until)) as next_at
    from webhook_delivery as delivery
    where delivery.tenant = webhook.tenant and delivery.webhook = webhook.name
) as of
where tenant = $1::text
order by name
