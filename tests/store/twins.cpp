#include "tests/store/twins.h"

#include "tests/store/tampering.h"

#include "engine/store/quarantine.h"
#include "engine/store/schema.h"

namespace resolute::testing {

MigratedDatabase::MigratedDatabase()
    : TestDatabase("migrated", [](std::string const& url) { store::migrate(url); }) {}

std::optional<ApprovalRow> MemoryTwin::approval(ApprovalId approval) {
    auto const found = database_.tables.approvals.find(approval);
    if (found == database_.tables.approvals.end()) return std::nullopt;
    auto row = found->second;
    auto const& events = database_.tables.runs.at(row.run).events;
    auto const fact = decode(events.at(row.asked_in - 1)).fact;
    if (auto const* asked = std::get_if<ApprovalRequested>(&fact)) row.card = shown_card(*asked);
    return row;
}

std::vector<ApprovalDecisionRow> MemoryTwin::decisions(ApprovalId approval) {
    std::vector<ApprovalDecisionRow> found;
    for (auto const& decision : database_.tables.decisions)
        if (decision.approval == approval) found.push_back(decision);
    return found;
}

std::vector<UnresolvedRow> MemoryTwin::unresolved() {
    std::vector<UnresolvedRow> found;
    for (auto const& [key, row] : database_.tables.unresolved) found.push_back(row);
    return found;
}

void MemoryTwin::damage_last_body(RunId run) {
    database_.tables.runs.at(run).events.back().body = "{}";
}

std::unique_ptr<EventStore> PostgresTwin::open(MemberId member, int writer) {
    return std::make_unique<store::PostgresStore>(
        store::PostgresStoreOptions{.url = database_.url(), .member = member, .writer = writer});
}

bool PostgresTwin::release(RunId run) {
    return store::release(database_.url(), run, SystemClock().now());
}

std::optional<ApprovalRow> PostgresTwin::approval(ApprovalId approval) {
    auto detail = reads_.approval("default", approval);
    if (!detail) return std::nullopt;
    return detail->approval;
}

std::vector<ApprovalDecisionRow> PostgresTwin::decisions(ApprovalId approval) {
    auto const detail = reads_.approval("default", approval);
    return detail ? detail->decisions : std::vector<ApprovalDecisionRow>();
}

void PostgresTwin::damage_last_body(RunId run) {
    auto const last = database_.run(
        "select max(sequence) from resolute.history_event where run_id = '" + to_string(run) + "'");
    change_event(database_.url(), run, std::stoull(last),
                 [](EncodedEvent& event) { event.body = "{}"; });
}

void MemoryTwin::alter_blobs(RunId run) {
    for (auto& [digest, content] : database_.tables.blobs.at(run)) content[content.size() / 2] ^= 1;
}

std::size_t PostgresTwin::blobs(RunId run) {
    return std::stoul(database_.run("select count(*) from resolute.blob where run_id = '" +
                                    to_string(run) + "'"));
}

void PostgresTwin::alter_blobs(RunId run) {
    database_.run(
        "update resolute.blob set content = overlay(content placing '?' from length(content) / 2) "
        "where run_id = '" +
        to_string(run) + "'");
}

void PostgresTwin::lose_blobs(RunId run) {
    database_.run("delete from resolute.blob where run_id = '" + to_string(run) + "'");
}

}  // namespace resolute::testing
