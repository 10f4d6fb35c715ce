-- Forgets deliveries that were given up: all of the webhook $2 of the tenant $1, or only $3; and
-- with $4 the webhook itself with everything that it waits for. Answers how many deliveries.
with dropped as (
    delete from webhook_delivery
    where tenant = $1::text and webhook = $2::text
      and (next_at is null or $4::bool)
      and (cardinality($3::uuid[]) = 0 or delivery_id = any ($3::uuid[]))
    returning delivery_id
),
gone as (
    delete from webhook where tenant = $1::text and name = $2::text and $4::bool
)
select count(*) from dropped
