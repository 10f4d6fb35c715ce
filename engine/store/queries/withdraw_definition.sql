-- Nothing of this kind and name is in force any more, nor is the schedule of such a workflow; what
-- was published stays.
with withdrawn as (
    delete from deployment
    where tenant = $1::text and kind = $2::text and name = $3::text
    returning tenant, kind, name
),
ended as (
    delete from schedule using withdrawn
    where kind = 'workflow' and schedule.tenant = withdrawn.tenant
      and schedule.workflow = withdrawn.name
)
select pg_notify('resolute_changes', 'definition ' || kind || ' ' || name) from withdrawn
