-- A batch in which histories grow and runs start, and nothing else.
--
-- $1 member, $2 ordinal, $3 epoch, $4 batch: of the writer
-- $5..$12: rows of histories; the first column says which append, counted from 1, here and below
-- $13..$30: run rows, all of them new
--
-- Answers as append_runs does.
with
\ir parts/fence.sql
\ir parts/possible.sql
\ir parts/starts.sql
\ir parts/written.sql
select array_to_string(parts, ' ')
from refused
