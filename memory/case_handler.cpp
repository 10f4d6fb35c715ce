#include "memory/case_handler.h"

#include "memory/queries.h"

namespace resolute::memory {
namespace {

Uuid entry_id(Attempt const& attempt) { return row_id("case entry", attempt.intent.key); }

// What the step answered when it was carried out, if it was.
std::optional<Json> answered(store::Connection& connection, Attempt const& attempt) {
    auto const rows =
        connection.run(queries::case_answer, store::Parameters().uuid(entry_id(attempt)));
    if (rows.empty()) return std::nullopt;
    return parse_json(rows.at(0, 0).text()).value();
}

std::optional<Json> load(store::Connection& connection, std::string const& tenant,
                         std::string const& case_id) {
    auto const rows =
        connection.run(queries::case_load, store::Parameters().text(tenant).text(case_id));
    if (rows.empty()) return std::nullopt;
    return parse_json(rows.at(0, 0).text()).value();
}

void keep(store::Connection& connection, Attempt const& attempt, CaseChange const& change,
          Json const& record, Timestamp at) {
    store::Parameters kept;
    kept.text(attempt.tenant)
        .text(change.case_id)
        .text(record.at("status").get<std::string>())
        .text(to_text(record))
        .time(at);
    connection.run(queries::case_keep, kept);
    store::Parameters entered;
    entered.uuid(entry_id(attempt))
        .text(attempt.tenant)
        .text(change.case_id)
        .text(name(change.op))
        .text(to_text(change.says))
        .text(to_text(record))
        .uuid(attempt.run.value)
        .text(attempt.step.path)
        .text(attempt.workflow.name)
        .time(at);
    connection.run(queries::case_enter, entered);
}

Outcome change_record(Clock const& clock, store::Connection& connection, Attempt const& attempt) {
    auto const read = read_case_change(attempt.intent.request.json(), attempt.case_id);
    if (auto const* problem = std::get_if<Failure>(&read)) return outcome::Failed{*problem};
    auto const& change = std::get<CaseChange>(read);
    auto const now = clock.now();
    store::Transaction transaction(connection);
    if (auto before = answered(connection, attempt))
        return outcome::Succeeded{std::move(*before), {}};
    auto const next = changed_case(load(connection, attempt.tenant, change.case_id), change, now);
    if (auto const* problem = std::get_if<Failure>(&next)) return outcome::Failed{*problem};
    keep(connection, attempt, change, std::get<Json>(next), now);
    transaction.commit();
    return outcome::Succeeded{std::get<Json>(next), {}};
}

Verification look_up_entry(store::Connection& connection, Attempt const& attempt) {
    if (auto before = answered(connection, attempt))
        return {Verdict::applied, {}, std::move(*before)};
    return {Verdict::absent, {}, {}};
}

}  // namespace

CaseHandler::CaseHandler(std::function<store::Connection()> connect, Clock const& clock)
    : queue_(std::move(connect), clock,
             {[&clock](store::Connection& connection, Attempt const& attempt) {
                  return change_record(clock, connection, attempt);
              },
              look_up_entry}) {}

Admission CaseHandler::admit_case(Proposal const& proposal) {
    auto const read = read_case_change(proposal.request.json(), proposal.case_id);
    if (auto const* problem = std::get_if<Failure>(&read)) return Rejected{*problem};
    auto const op = std::string(name(std::get<CaseChange>(read).op));
    return Permitted{unbound(proposal, "case." + op, Effect::write), step_terms(), false};
}

}  // namespace resolute::memory
