-- One approval, and the event that asks for it, where the card is.
with page as (
    select * from approval where approval_id = $1::uuid and tenant = $2::text
)
\ir parts/asked.sql
