-- Nothing of this kind and name is in force any more; what was published stays.
with withdrawn as (
    delete from deployment
    where tenant = $1::text and kind = $2::text and name = $3::text
    returning kind, name
)
select pg_notify('resolute_changes', 'definition ' || kind || ' ' || name) from withdrawn
