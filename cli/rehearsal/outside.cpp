#include "cli/rehearsal/outside.h"

#include <algorithm>

#include "base/error_codes.h"
#include "tools/answer.h"

namespace resolute::cli::rehearsal {
namespace {

// The n-th answer; the last one is repeated.
template <class T> T const* nth(std::vector<T> const& answers, std::size_t n) {
    if (answers.empty()) return nullptr;
    return &answers[std::min(n, answers.size() - 1)];
}

tools::Answer answer_of(ToolAnswer const& scripted, std::string const& tool) {
    switch (scripted.kind) {
        case ToolAnswer::Kind::output: break;
        case ToolAnswer::Kind::error:
            return {tools::Refused{communication_failure(scripted.error, codes::not_sent),
                                   scripted.retryable},
                    Json::object()};
        case ToolAnswer::Kind::lost:
            return {tools::Doubtful{communication_failure("The answer of `" + tool + "` was lost.",
                                                          codes::no_answer)},
                    Json::object()};
    }
    return {tools::Answered{scripted.output}, Json::object()};
}

}  // namespace

// ---- tools

ScriptedTools::ScriptedTools(Compiled const& project, Script const& script, Clock const& clock)
    : script_(script),
      gate_({project.registry, project.policies, {}}, tools::Roads{.clock = clock}) {}

ToolAnswer const* ScriptedTools::answer_for(std::string const& tool, Json const& arguments) {
    auto const found = script_.tools.find(tool);
    auto const* answer =
        found == script_.tools.end() ? nullptr : nth(found->second, asked_[tool]++);
    if (!answer)
        problems_.push_back("`" + tool + "` was called with " + to_text(arguments) +
                            ", and the test has no answer for it: add it to `tools`.");
    return answer;
}

void ScriptedTools::perform(Attempt const& attempt, std::function<void(Outcome)> done) {
    auto const deployment = gate_.deployment();
    auto const* contract = deployment->registry->find(attempt.intent.contract);
    auto const& arguments = attempt.intent.request.json().at("arguments");
    calls_.push_back({contract->name, arguments, attempt.step, attempt.number,
                      attempt.intent.effect != Effect::read});
    auto const* answer = answer_for(contract->name, arguments);
    if (!answer)
        return done(outcome::Failed{
            runtime_failure("The test has no answer of `" + contract->name + "`."), false, {}, {}});
    if (answer->kind == ToolAnswer::Kind::lost)
        lost_.insert_or_assign({attempt.step, attempt.number}, *answer);
    done(tools::outcome_of(*contract, answer_of(*answer, contract->name)));
}

void ScriptedTools::verify(Attempt const& attempt, std::function<void(Verification)> done) {
    auto const lost = lost_.find({attempt.step, attempt.number});
    if (lost == lost_.end()) return done({Verdict::undecided, {}, {}});
    done({lost->second.verdict, Payload(Json{{"scripted", true}}), Payload(lost->second.output)});
}

// ---- models

void ScriptedModel::complete(inference::Prompt const& prompt,
                             std::function<void(inference::BackendReply)> done) {
    auto const found = script_.models.find(prompt.model);
    auto const* answer =
        found == script_.models.end() ? nullptr : nth(found->second, asked_[prompt.model]++);
    if (!answer) {
        problems_.push_back("The model `" + prompt.model +
                            "` was asked, and the test has no answer of it: add it to `models`.");
        return done(inference::BackendFailure{.detail = "The test has no answer."});
    }
    inference::Completion completion;
    completion.text = answer->is_string() ? answer->get<std::string>() : to_text(*answer);
    done(std::move(completion));
}

// ---- memory

ScriptedMemory::ScriptedMemory(Script const& script, Clock const& clock)
    : script_(script),
      gate_([]() -> store::Connection { throw std::logic_error("a rehearsal has no database"); },
            clock) {}

void ScriptedMemory::perform(Attempt const& attempt, std::function<void(Outcome)> done) {
    auto const& request = attempt.intent.request.json();
    auto const op = request.value("op", std::string());
    if (op == "recall")
        return done(outcome::Succeeded{Json{{"items", script_.recalled}}, Json::object()});
    if (op == "forget") return done(outcome::Succeeded{Json{{"forgotten", 0}}, {}});
    done(outcome::Succeeded{
        Json{{"id", attempt.intent.key}, {"key", request.value("key", std::string())}}, {}});
}

// ---- cases

namespace {

std::string case_of(std::string const& case_id) { return case_id.empty() ? "test" : case_id; }

}  // namespace

Admission ScriptedCases::admit(Proposal const& proposal) const {
    auto served = proposal;
    served.case_id = case_of(proposal.case_id);
    return memory::CaseHandler::admit_case(served);
}

void ScriptedCases::perform(Attempt const& attempt, std::function<void(Outcome)> done) {
    auto const read =
        memory::read_case_change(attempt.intent.request.json(), case_of(attempt.case_id));
    if (auto const* problem = std::get_if<Failure>(&read)) return done(outcome::Failed{*problem});
    auto const& change = std::get<memory::CaseChange>(read);
    auto const known = records_.find(change.case_id);
    auto const next =
        memory::changed_case(known == records_.end() ? std::nullopt : std::optional(known->second),
                             change, clock_.now());
    if (auto const* problem = std::get_if<Failure>(&next)) return done(outcome::Failed{*problem});
    records_[change.case_id] = std::get<Json>(next);
    done(outcome::Succeeded{std::get<Json>(next), {}});
}

}  // namespace resolute::cli::rehearsal
