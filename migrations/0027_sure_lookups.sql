-- A statement of the hot path is planned once, perhaps when its tables are empty. Then every index
-- that has a column anywhere seems as good for finding rows by it as the one that begins with it,
-- and reading the whole index takes long when the tables are full again. So what rows are found by
-- is in no other index: where it makes an order complete, PostgreSQL sorts those that are alike
-- by itself, or the index holds `+position`, by which nothing is looked up.
drop index event_key_order;
create index event_key_order on event_key (key, (+position));

drop index event_in_order, event_in_every;
create index event_in_order on event_in (type, transaction_id, (+position));
create index event_in_every on event_in (transaction_id, (+position));

drop index place_wait_turn, place_wait_last;
create index place_wait_turn on place_wait (key, tenant, priority desc, since);
create index place_wait_last on place_wait (key, since);

drop index approval_pending, approval_all;
create index approval_pending on approval (tenant, requested_at) where status = 'pending';
create index approval_all on approval (tenant, requested_at desc);

-- Keys are made of events that are read by the same statement, and swept with them.
do $$
begin
    execute (select format('alter table event_key drop constraint %I', conname)
             from pg_constraint
             where conrelid = 'event_key'::regclass and contype = 'f');
end
$$;
