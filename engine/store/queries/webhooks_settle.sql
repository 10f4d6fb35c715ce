-- What became of deliveries of the tenant $1 that were sent: $2 which, $3 of which webhook, $4 in
-- which attempt; $5 null: taken; else why not, and $6 the milliseconds until it is sent again,
-- null: never. From $7 failures in a row a webhook is held, for $8 milliseconds at first, doubling,
-- $9 at most.
with settled as materialized (
    select * from unnest($2::uuid[], $3::text[], $4::int4[], $5::text[], $6::int8[])
        as settled(delivery_id, webhook, attempt, why, pause_ms)
),
taken as (
    delete from webhook_delivery using settled
    where settled.why is null and webhook_delivery.delivery_id = settled.delivery_id
    returning webhook_delivery.webhook
),
-- What was claimed again meanwhile is for whoever claimed it.
failed as (
    update webhook_delivery
    set why = settled.why, claimed_at = null,
        next_at = now() + settled.pause_ms * interval '1 millisecond'
    from settled
    where settled.why is not null and webhook_delivery.delivery_id = settled.delivery_id
      and webhook_delivery.attempts = settled.attempt
),
came_to as (
    select webhook as name, count(*) filter (where why is null) as taken,
           count(*) filter (where why is not null) as failed,
           max(why) as why,
           (select count(*) from taken where taken.webhook = settled.webhook) as new
    from settled
    group by webhook
)
update webhook
set delivered = delivered + came_to.new,
    delivered_at = case when came_to.new > 0 then now() else delivered_at end,
    failures = case when came_to.taken > 0 then 0 else failures + came_to.failed end,
    held_until = case
        when came_to.taken = 0 and failures + came_to.failed >= $7::int4
        then now() + least($8::int8 * 2 ^ least(failures + came_to.failed - $7::int4, 20),
                           $9::int8) * interval '1 millisecond'
    end,
    last_failure = coalesce(came_to.why, last_failure),
    last_failure_at = case when came_to.failed > 0 then now() else last_failure_at end
from came_to
where webhook.tenant = $1::text and webhook.name = came_to.name
