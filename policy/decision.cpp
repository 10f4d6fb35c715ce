#include "policy/decision.h"

#include <stdexcept>
#include <utility>

#include "base/json_writer.h"

namespace resolute::policy {
namespace {

Json to_json(ApprovalTerms const& terms) {
    return {{"risk", to_string(terms.risk)},
            {"quorum", terms.quorum},
            {"expiresAfter", resolute::to_string(terms.expires_after)},
            {"notBy", terms.not_by},
            {"to", {{"groups", terms.groups}, {"users", terms.users}}},
            {"rule", terms.rule},
            {"why", terms.why}};
}

// The members of an object, written in the order of to_text: by name.
class Members {
  public:
    explicit Members(std::string& out) : out_(out) {}

    void text(char const* name, std::string_view value) {
        begin(name);
        // Json says what is wrong with text that is no UTF-8.
        if (!write_json_string(out_, value)) throw std::invalid_argument(Json(value).dump());
    }
    void digest(char const* name, Digest const& value) {
        begin(name);
        out_ += '"';
        append_hex(out_, value.view());
        out_ += '"';
    }
    void value(char const* name, Json const& value) {
        begin(name);
        write_text(out_, value);
    }
    template <class T, class Write>
    void list(char const* name, std::vector<T> const& items, Write write) {
        begin(name);
        out_ += '[';
        for (auto const& item : items) {
            if (&item != items.data()) out_ += ',';
            Members one(out_);
            write(one, item);
            one.end();
        }
        out_ += ']';
    }
    void end() { out_ += '}'; }

  private:
    void begin(char const* name) {
        ((out_ += std::exchange(before_, ',')) += '"').append(name) += "\":";
    }

    std::string& out_;
    char before_ = '{';
};

}  // namespace

Json to_json(Decision const& decision) {
    Json::object_t json;
    json.emplace("verdict", to_string(decision.verdict));
    json.emplace("code", decision.code);
    json.emplace("sentence", decision.sentence);
    json.emplace("remedy", decision.remedy);
    json.emplace("policy", to_string(decision.policy));
    json.emplace("obligations", decision.obligations);
    json.emplace("approval", decision.approval ? to_json(*decision.approval) : Json());
    Json::array_t matched, misses, errors;
    for (auto const& reason : decision.matched) {
        Json::object_t one;
        one.emplace("policy", reason.policy);
        one.emplace("version", reason.version);
        one.emplace("rule", reason.rule);
        one.emplace("title", reason.title);
        one.emplace("verdict", to_string(reason.verdict));
        matched.emplace_back(std::move(one));
    }
    for (auto const& miss : decision.near_misses)
        misses.push_back({{"rule", miss.rule},
                          {"title", miss.title},
                          {"verdict", to_string(miss.verdict)},
                          {"condition", miss.condition},
                          {"actual", miss.actual}});
    for (auto const& error : decision.errors)
        errors.push_back({{"rule", error.rule}, {"message", error.message}});
    json.emplace("matched", std::move(matched));
    json.emplace("nearMisses", std::move(misses));
    json.emplace("errors", std::move(errors));
    return Json(std::move(json));
}

Payload recorded(Decision const& decision, std::optional<Admitted> const& admitted) {
    std::string text;
    text.reserve(512);
    Members all(text);
    if (admitted) all.text("admittedAt", to_string(admitted->at));
    all.value("approval", decision.approval ? to_json(*decision.approval) : Json());
    all.text("code", decision.code);
    all.list("errors", decision.errors, [](Members& one, RuleError const& error) {
        one.text("message", error.message);
        one.text("rule", error.rule);
    });
    if (admitted) all.digest("evidenceRoot", admitted->evidence_root);
    all.list("matched", decision.matched, [](Members& one, Reason const& reason) {
        one.text("policy", reason.policy);
        one.text("rule", reason.rule);
        one.text("title", reason.title);
        one.text("verdict", to_string(reason.verdict));
        one.text("version", reason.version);
    });
    all.list("nearMisses", decision.near_misses, [](Members& one, NearMiss const& miss) {
        one.value("actual", miss.actual);
        one.text("condition", miss.condition);
        one.text("rule", miss.rule);
        one.text("title", miss.title);
        one.text("verdict", to_string(miss.verdict));
    });
    all.value("obligations", Json(decision.obligations));
    all.digest("policy", decision.policy);
    all.text("remedy", decision.remedy);
    all.text("sentence", decision.sentence);
    all.text("verdict", to_string(decision.verdict));
    all.end();
    return Payload::from_text(std::move(text));
}

}  // namespace resolute::policy
