#include "inference/model_handler.h"

#include "base/canonical_json.h"
#include "base/error_codes.h"
#include "base/json_schema.h"
#include "base/limits.h"
#include "base/spelling.h"
#include "engine/postponement.h"

namespace resolute::inference {
namespace {

constexpr char invalid_output[] = "model_output_invalid";

// Some models wrap JSON in a Markdown fence whatever they are told.
std::string_view without_fence(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
    if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 6) return text;
    auto const line = text.find('\n');
    if (line == std::string_view::npos) return text;
    return text.substr(line + 1, text.size() - line - 4);
}

struct Checked {
    std::optional<Json> value;
    std::string problem;
};

Checked check(Completion const& completion, Json const& schema) {
    if (completion.finish == Finish::length)
        return {{}, "The answer was cut off at the token limit."};
    if (completion.finish == Finish::refused) return {{}, "The model refused to answer."};
    if (schema.is_null()) return {Json(completion.text), {}};
    auto value = parse_json(without_fence(completion.text));
    if (!value) return {{}, "The answer is not JSON: " + to_string(value.diagnostics())};
    auto const compiled = JsonSchema::compile(schema);
    if (!compiled) return {{}, to_string(compiled.diagnostics())};
    auto const violations = compiled->validate(*value);
    if (!violations.empty()) return {{}, "The answer breaks its schema: " + to_string(violations)};
    return {std::move(*value), {}};
}

Json evidence_of(Backend const& backend, Prompt const& prompt, Completion const& completion) {
    Json evidence{
        {"backend", backend.label()},
        {"scripted", backend.is_scripted()},
        {"tokens",
         {{"input", completion.usage.input_tokens}, {"output", completion.usage.output_tokens}}}};
    std::string asked;
    for (auto const& message : prompt.messages) asked += message.text + '\n';
    evidence["prompt"] = to_string(sha256(asked));
    if (!completion.request_id.empty()) evidence["requestId"] = completion.request_id;
    if (!completion.served_model.empty() && !backend.is_scripted())
        evidence["servedModel"] = completion.served_model;
    return evidence;
}

Outcome not_now(Attempt const& attempt, Failure why) {
    why.code = codes::tool_busy;
    return postponed(attempt, std::move(why));
}

Outcome outcome_of(Backend const& backend, Attempt const& attempt, Prompt const& prompt,
                   BackendReply const& reply) {
    if (auto const* failed = std::get_if<BackendFailure>(&reply)) {
        auto error = communication_failure(failed->detail, "model_unavailable");
        if (failed->was_crowded) return not_now(attempt, std::move(error));
        Json evidence{{"backend", backend.label()}, {"scripted", backend.is_scripted()}};
        auto const wait =
            failed->retry_after.value_or(std::chrono::milliseconds(limits::model_retry_ms));
        return outcome::Failed{std::move(error), failed->retryable, wait, std::move(evidence)};
    }
    auto const& completion = std::get<Completion>(reply);
    auto evidence = evidence_of(backend, prompt, completion);
    auto checked = check(completion, prompt.output_schema.json());
    if (checked.value) return outcome::Succeeded{std::move(*checked.value), std::move(evidence)};
    evidence["text"] = completion.text.substr(0, limits::model_repair_bytes);
    auto error = validation_failure(checked.problem, invalid_output);
    return outcome::Failed{
        std::move(error), completion.finish != Finish::refused, {}, std::move(evidence)};
}

std::string input_text(Json const& input) {
    return input.is_string() ? input.get<std::string>() : input.dump(2);
}

}  // namespace

ModelHandler::ModelHandler(Backends backends, Clock const& clock, std::size_t places)
    : clock_(clock), places_(places) {
    std::map<Backend const*, std::shared_ptr<Lane>> lanes;  // names may share a backend
    for (auto& [name, backend] : backends) {
        auto& lane = lanes[backend.get()];
        if (!lane) lane = std::make_shared<Lane>(places, limits::model_queue);
        sites_[name] = {std::move(backend), lane};
    }
}

ModelHandler::Site const* ModelHandler::find(std::string const& model) const {
    auto found = sites_.find(model);
    if (found == sites_.end()) found = sites_.find("*");
    return found == sites_.end() ? nullptr : &found->second;
}

Admission ModelHandler::admit(Proposal const& proposal) const {
    auto const& request = proposal.request.json();
    if (!request.is_object() || !request.contains("model") || !request["model"].is_string())
        return Rejected{
            configuration_failure("A model call needs the name of a model.", "malformed_call")};
    auto const model = request["model"].get<std::string>();
    if (!find(model)) {
        std::vector<std::string> known;
        for (auto const& [name, unused] : sites_) known.push_back(name);
        return Rejected{configuration_failure(
            "No backend is configured for the model `" + model + "`." + did_you_mean(model, known),
            "unknown_model")};
    }
    if (request.contains("output")) {
        auto const compiled = JsonSchema::compile(request["output"]);
        if (!compiled)
            return Rejected{
                configuration_failure("The output schema of the model call cannot be used: " +
                                          to_string(compiled.diagnostics()),
                                      codes::schema_invalid)};
    }
    auto intent = unbound(proposal, model, Effect::read);
    auto const allowed = terms(intent);
    return Permitted{std::move(intent), allowed, false};
}

Terms ModelHandler::terms(ActivityIntent const&) const {
    Terms terms;
    terms.timeout = std::chrono::milliseconds(limits::model_timeout_ms);
    terms.attempts = limits::model_attempts;
    // a repair needs no pause; an absent backend asks for one itself
    terms.first_delay = Duration::zero();
    return terms;
}

ModelHandler::Site const* ModelHandler::site_for(Attempt const& attempt) const {
    auto const& request = attempt.intent.request.json();
    bool const was_away = attempt.last_failure && attempt.last_failure->code != invalid_output &&
                          attempt.last_failure->code != codes::tool_busy;
    if (was_away && request.contains("fallback") && request["fallback"].is_string())
        return find(request["fallback"].get<std::string>());
    return find(attempt.intent.target);
}

void ModelHandler::perform(Attempt const& attempt, std::function<void(Outcome)> done) {
    auto const* site = site_for(attempt);
    if (!site) {
        auto why = configuration_failure(
            "No backend is configured for the model `" + attempt.intent.target + "` any more.",
            "unknown_model");
        return done(outcome::Failed{std::move(why), false, {}, {}});
    }
    auto const& request = attempt.intent.request.json();
    Prompt prompt{.messages = messages_of(attempt),
                  .timeout = std::chrono::milliseconds(limits::model_timeout_ms),
                  .model = attempt.intent.target,
                  .input = request.value("input", Json()),
                  .attempt = attempt.number};
    if (request.contains("output")) prompt.output_schema = request["output"];
    if (request.contains("limits") && request["limits"].is_object())
        prompt.max_tokens = request["limits"].value("tokens", 0);
    if (attempt.intent.timeout_ms > 0)
        prompt.timeout = std::min<Duration>(prompt.timeout,
                                            std::chrono::milliseconds(attempt.intent.timeout_ms));
    prompt.may_send = [lease = attempt.lease] { return resolute::may_send(lease); };
    ask(*site, attempt, std::make_shared<Prompt const>(std::move(prompt)), std::move(done));
}

void ModelHandler::ask(Site const& site, Attempt const& attempt,
                       std::shared_ptr<Prompt const> const& prompt,
                       std::function<void(Outcome)> done) {
    // What waits in a lane must not keep the lane, or both would stay for ever.
    auto give_up = [weak = std::weak_ptr(site.lane), places = places_, attempt, done] {
        auto const lane = weak.lock();
        auto const model = "The model `" + attempt.intent.target + "` was not asked: ";
        done(not_now(attempt,
                     communication_failure(model + std::to_string(places) +
                                           " questions to it may be under way at a time, and " +
                                           std::to_string(lane ? lane->waiting() : 0) + " wait.")));
    };
    auto go = [weak = std::weak_ptr(site.lane), backend = site.backend, attempt, prompt, done,
               &clock = clock_] {
        auto on_reply = [lane = weak.lock(), backend, attempt, prompt, done,
                         &clock](BackendReply const& reply) {
            done(outcome_of(*backend, attempt, *prompt, reply));
            if (lane) lane->leave(clock.monotonic());
        };
        backend->complete(*prompt, std::move(on_reply));
    };
    auto const now = clock_.monotonic();
    Lane::Work work{
        .go = std::move(go), .give_up = give_up, .patient_until = now + prompt->timeout / 2};
    if (!site.lane->enter(std::move(work), now)) give_up();
}

// Nothing to ask: a completion that was lost changed nothing.
void ModelHandler::verify(Attempt const&, std::function<void(Verification)> done) {
    done({Verdict::resend, {}, {}});
}

std::vector<ChatMessage> messages_of(Attempt const& attempt) {
    auto const& request = attempt.intent.request.json();
    auto system = request.value("instructions", std::string());
    if (request.contains("output"))
        system +=
            "\n\nAnswer with one JSON value that satisfies this JSON Schema, and nothing else:\n" +
            request["output"].dump();
    std::vector<ChatMessage> messages{
        {ChatMessage::Role::system, std::move(system)},
        {ChatMessage::Role::user, input_text(request.value("input", Json()))}};
    if (attempt.last_failure && attempt.last_failure->code == invalid_output) {
        auto const& evidence = attempt.last_evidence.json();
        if (evidence.is_object())
            messages.push_back(
                {ChatMessage::Role::assistant, evidence.value("text", std::string())});
        messages.push_back({ChatMessage::Role::user,
                            attempt.last_failure->detail + " Answer again, with valid JSON only."});
    }
    return messages;
}

}  // namespace resolute::inference
