-- Takes deliveries that are due, to send them: for each of the webhooks $2 of the tenant $1 as many
-- as $3 says. Whoever dies over them leaves them to be taken again after $4 milliseconds. One that
-- has failed $5 times in a row is sent one at a time.
with wanted as (
    select * from unnest($2::text[], $3::int4[], $4::int8[]) as wanted(name, room, lease_ms)
),
due as materialized (
    select delivery.delivery_id, wanted.lease_ms
    from wanted
    join webhook on webhook.tenant = $1::text and webhook.name = wanted.name
    cross join lateral (
        select delivery_id
        from webhook_delivery
        where tenant = $1::text and webhook_delivery.webhook = wanted.name and next_at <= now()
        order by next_at
        limit case when webhook.failures < $5::int4 then wanted.room
                   else least(wanted.room, 1) end
        for update skip locked
    ) as delivery
    where webhook.held_until is null or webhook.held_until <= now()
),
claimed as (
    update webhook_delivery
    set attempts = attempts + 1, claimed_at = now(),
        next_at = now() + due.lease_ms * interval '1 millisecond'
    from due
    where webhook_delivery.delivery_id = due.delivery_id
    returning webhook_delivery.*
)
select claimed.delivery_id, claimed.webhook, claimed.attempts, event_in.content
from claimed left join event_in using (position)
order by claimed.position
