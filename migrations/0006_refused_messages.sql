-- A message that cannot be read, or whose workflow cannot be loaded, must not stand before the
-- others for ever: it says why it was put aside and stays until a person looks. To try it again:
-- update resolute.inbox set refused = null where message_id = '…'.

alter table inbox add column refused text;

drop index inbox_open;
create index inbox_open on inbox (position, shard) where consumed_at is null and refused is null;
create index inbox_refused on inbox (position) where refused is not null;
