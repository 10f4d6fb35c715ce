-- Sends what the webhook $2 of the tenant $1 waits with at once, and what was given up anew; all of
-- it, or only the delivery $3. What is being sent right now is left alone. Answers how many.
with freed as (
    update webhook set held_until = null, failures = 0
    where tenant = $1::text and name = $2::text
),
again as (
    update webhook_delivery
    set attempts = case when next_at is null then 0 else attempts end, next_at = now()
    where tenant = $1::text and webhook = $2::text and claimed_at is null
      and (cardinality($3::uuid[]) = 0 or delivery_id = any ($3::uuid[]))
    returning delivery_id
),
told as materialized (
    select pg_notify('resolute_inbox', '')
)
select (select count(*) from again), (select count(*) from told)
