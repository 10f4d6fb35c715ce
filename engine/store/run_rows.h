// Rows of the tables `run` and `history` as values.
#pragma once

#include "engine/append.h"
#include "engine/snapshot.h"
#include "engine/store/blobs.h"
#include "engine/store/history_row.h"
#include "engine/store/parameters.h"
#include "engine/store/rows.h"

namespace resolute::store {

// The row of an answer whose columns are, in order: run_id, tenant, shard, workflow,
// workflow_version, workflow_digest, case_id, status, waits_code, waits_sentence, wake_at,
// sequence, started_at, updated_at, parent_id, forked_from.
RunRow run_row_at(Rows const& rows, std::size_t row);

// The snapshot of a row of queries::resume_runs; none when it is not of this version.
std::optional<Snapshot> snapshot_at(Rows const& rows, std::size_t i, RunRow const& row);

RunRow::Status status_of(Cell const& cell);

// What queries::find_blobs is asked, and what it answers.
Parameters find_blobs_parameters(RunId run, std::vector<Digest> const& digests);
Blobs blobs_in(Rows const& rows);

// The columns, from `first` on, are sequence, at, kinds, body, chain.
HistoryRow history_row_at(Rows const& rows, std::size_t row, std::size_t first = 0);

}  // namespace resolute::store
