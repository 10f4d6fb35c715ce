-- Makes the webhooks $2 of the tenant $1 known; those that are known go on where they were.
insert into webhook (tenant, name)
select $1::text, name from unnest($2::text[]) as new(name)
on conflict do nothing
