-- The webhook $2 of the tenant $1 has looked at all events from ($3, $4) to ($5, $6) and is to be
-- sent those at $7; false when somebody else was quicker.
with moved as (
    update webhook set heard_transaction = $5::text::xid8, heard_position = $6::int8
    where tenant = $1::text and name = $2::text
      and heard_transaction = $3::text::xid8 and heard_position = $4::int8
    returning name
),
queued as (
    insert into webhook_delivery (tenant, webhook, position)
    select $1::text, moved.name, wanted.position
    from moved cross join unnest($7::int8[]) as wanted(position)
    on conflict do nothing
)
select exists (select from moved)
