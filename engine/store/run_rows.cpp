#include "engine/store/run_rows.h"

#include "engine/corrupt_history.h"
#include "engine/names.h"

namespace resolute::store {

RunRow::Status status_of(Cell const& cell) {
    auto const status = parse_name<RunRow::Status>(cell.view());
    if (!status)
        throw CorruptHistory("a run has the status `" + cell.text() + "`, which does not exist");
    return *status;
}

namespace {

std::optional<RunId> run_at(Cell const& cell) {
    return cell.is_null() ? std::nullopt : std::optional(RunId{cell.uuid()});
}

}  // namespace

RunRow run_row_at(Rows const& rows, std::size_t row) {
    auto cell = [&](std::size_t column) { return rows.at(row, column); };
    return {
        .run = RunId{cell(0).uuid()},
        .tenant = cell(1).text(),
        .shard = static_cast<int>(cell(2).integer()),
        .workflow = {.name = cell(3).text(), .version = cell(4).text(), .digest = cell(5).digest()},
        .case_id = cell(6).text(),
        .parent = run_at(cell(14)),
        .forked_from = run_at(cell(15)),
        .status = status_of(cell(7)),
        .waits_code = cell(8).text(),
        .waits_sentence = cell(9).text(),
        .wake_at = cell(10).optional_time(),
        .sequence = static_cast<std::uint64_t>(cell(11).integer()),
        .started_at = cell(12).time(),
        .updated_at = cell(13).time()};
}

HistoryRow history_row_at(Rows const& rows, std::size_t row, std::size_t first) {
    return {.sequence = static_cast<std::uint64_t>(rows.at(row, first).integer()),
            .at = rows.at(row, first + 1).time(),
            .kinds = rows.at(row, first + 2).bytes(),
            .body = rows.at(row, first + 3).bytes(),
            .chain = rows.at(row, first + 4).digest()};
}

Parameters find_blobs_parameters(RunId run, std::vector<Digest> const& digests) {
    Array wanted(Type::bytes);
    for (auto const& digest : digests) wanted.add_text(digest.view());
    return std::move(Parameters().uuid(run.value).array(std::move(wanted)));
}

Blobs blobs_in(Rows const& rows) {
    Blobs blobs;
    for (std::size_t i = 0; i < rows.size(); ++i)
        blobs.emplace(rows.at(i, 0).digest(), rows.at(i, 1).text());
    return blobs;
}

std::optional<Snapshot> snapshot_at(Rows const& rows, std::size_t i, RunRow const& row) {
    if (rows.at(i, 17).is_null()) return std::nullopt;
    return Snapshot{.run = row.run,
                    .tenant = row.tenant,
                    .sequence = static_cast<std::uint64_t>(rows.at(i, 17).integer()),
                    .head = rows.at(i, 18).digest(),
                    .definition = rows.at(i, 19).digest(),
                    .format = snapshot_format,
                    .state = rows.at(i, 20).bytes(),
                    .at = rows.at(i, 21).time()};
}

}  // namespace resolute::store
