-- A batch in which histories grow and runs start or change their rows, and nothing else.
--
-- $1 member, $2 ordinal, $3 epoch, $4 batch: of the writer
-- $5..$12: rows of histories; the first column says which append, counted from 1, here and below
-- $13..$30: run rows
--
-- Answers no row when the writer is fenced, or this connection is no longer the writer's; else the
-- appends that were refused because their run or its case exists already.
with
\ir parts/fence.sql
\ir parts/possible.sql
\ir parts/starts.sql
\ir parts/moves.sql
\ir parts/written.sql
select array_to_string(parts, ' ')
from refused
