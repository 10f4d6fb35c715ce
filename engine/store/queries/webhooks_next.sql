-- In how many milliseconds something of the webhooks $2 of the tenant $1 is due, null: never; and
-- whether there are events that cannot be read in order yet.
select (select ceil(extract(epoch from min(greatest(first.next_at, webhook.held_until)) - now())
                    * 1000)::int8
        from webhook
        cross join lateral (
            select next_at from webhook_delivery
            where webhook_delivery.tenant = webhook.tenant
              and webhook_delivery.webhook = webhook.name and next_at is not null
            order by next_at
            limit 1
        ) as first
        where webhook.tenant = $1::text and webhook.name = any ($2::text[])),
       exists (select from event_in
               where transaction_id >= pg_snapshot_xmin(pg_current_snapshot()))
