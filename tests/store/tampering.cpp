#include "tests/store/tampering.h"

#include <stdexcept>

#include "engine/store/connection.h"
#include "engine/store/queries.h"
#include "engine/store/run_rows.h"

namespace resolute::testing {
namespace {

store::Query const replace_row{
    "replace_row",
    "update resolute.history set at = $3::timestamptz, kinds = $4::bytea, body = $5::bytea, "
    "chain = $6::bytea where run_id = $1::uuid and sequence = $2::int8"};

HistoryRow packed_again(std::vector<EncodedEvent> const& events) {
    std::vector<store::StoredEvent> stored;
    for (auto const& event : events) stored.push_back({&event, event.body});
    return store::packed(stored).at(0);
}

}  // namespace

void change_event(std::string const& url, RunId run, std::uint64_t sequence,
                  std::function<void(EncodedEvent&)> const& change) {
    store::Connection connection({.url = url, .application = "tampering"});
    auto const wanted = static_cast<std::int64_t>(sequence);
    auto const rows =
        connection.run(store::queries::load_events,
                       store::Parameters().uuid(run.value).int8(wanted).int8(wanted).int8(1));
    if (rows.empty()) throw std::runtime_error("there is no such event");
    auto const row = store::history_row_at(rows, 0);
    auto events = store::unpacked(run, row);
    change(events.at(sequence - row.sequence));
    auto const changed = packed_again(events);
    connection.run(replace_row, store::Parameters()
                                    .uuid(run.value)
                                    .int8(static_cast<std::int64_t>(row.sequence))
                                    .time(changed.at)
                                    .bytes(changed.kinds)
                                    .bytes(changed.body)
                                    .bytes(changed.chain.view()));
}

}  // namespace resolute::testing
