#include "policy/decide.h"

#include <algorithm>

#include "policy/explain.h"
#include "policy/show.h"

namespace resolute::policy {
namespace {

struct Applied {
    std::vector<Rule const*> matched;
    std::vector<Miss> misses;
    std::vector<RuleError> errors;
};

Applied apply_rules(std::vector<Rule const*> const& rules, Values& values) {
    Applied applied;
    for (auto const* rule : rules) {
        if (!rule->when) {
            applied.matched.push_back(rule);
            continue;
        }
        auto const finding = examine(*rule->when, values);
        if (auto const* error = std::get_if<EvaluationError>(&finding.holds)) {
            applied.errors.push_back({rule->name, error->why});
        } else if (std::get<bool>(finding.holds)) {
            applied.matched.push_back(rule);
        } else {
            auto const* all = std::get_if<All>(&rule->when->form);
            auto const is_rest_true = [&] {
                return std::all_of(
                    all->parts.begin() + static_cast<std::ptrdiff_t>(finding.held) + 1,
                    all->parts.end(),
                    [&](auto const& part) { return evaluate(part, values) == Holds(true); });
            };
            applied.misses.push_back({rule, finding.failing, finding.held, !all || is_rest_true()});
        }
    }
    return applied;
}

template <class T>
void unite(std::vector<T>& into, std::vector<T> const& more) {
    into.insert(into.end(), more.begin(), more.end());
    std::sort(into.begin(), into.end());
    into.erase(std::unique(into.begin(), into.end()), into.end());
}

// Always the stricter of both.
void join(ApprovalTerms& terms, Rule const& rule, Request const& request, Values& values) {
    auto const& asked = *rule.approval;
    bool const is_first = terms.rule.empty();
    if (is_first) {
        terms.rule = rule.name;
        terms.why = rule.title;
    }
    terms.expires_after =
        is_first ? asked.expires_after : std::min(terms.expires_after, asked.expires_after);
    terms.risk = std::max(terms.risk, asked.risk);
    terms.quorum = std::max(terms.quorum, asked.quorum);
    std::vector<std::string> not_by;
    for (auto const& name : asked.not_by) {
        if (name != "initiator")
            not_by.push_back(name);
        else
            for (auto const& person : {request.principal.id, request.on_behalf_of})
                if (!person.empty()) not_by.push_back(person);
    }
    unite(terms.not_by, not_by);
    unite(terms.groups, asked.groups);
    unite(terms.users, asked.users);
    show(asked, values, terms);
}

// Nobody could sign: everyone who is asked is excluded.
bool is_impossible(ApprovalTerms const& terms) {
    if (terms.users.empty() || !terms.groups.empty()) return false;
    auto const free = std::count_if(terms.users.begin(), terms.users.end(), [&](auto const& user) {
        return std::find(terms.not_by.begin(), terms.not_by.end(), user) == terms.not_by.end();
    });
    return free < terms.quorum;
}

void deny(Decision& decision, std::string code, std::string sentence, std::string remedy) {
    decision.verdict = Verdict::deny;
    decision.code = std::move(code);
    decision.sentence = std::move(sentence);
    decision.remedy = std::move(remedy);
    decision.approval.reset();
}

// Values of one obligation asked for by two rules: lists are united, anything else must agree.
bool join(Json& into, Json const& more) {
    if (into == more) return true;
    if (!into.is_array() || !more.is_array()) return false;
    for (auto const& item : more)
        if (std::find(into.begin(), into.end(), item) == into.end()) into.push_back(item);
    return true;
}

void join_obligations(Decision& decision, std::vector<Rule const*> const& matched,
                      std::set<std::string> const& implemented) {
    for (auto const* rule : matched) {
        for (auto const& [name, value] : rule->obligations) {
            auto const [joined, is_new] = decision.obligations.emplace(name, value);
            if (!implemented.contains(name))
                return deny(decision, std::string(codes::obligation_unmet) + ":" + name,
                            "Denied because the rule `" + rule->name + "` obliges `" + name +
                                "`, which this engine does not do.",
                            "Remove the obligation from the rule, or run an engine that keeps it.");
            if (!is_new && !join(joined->second, value))
                return deny(decision, std::string(codes::obligation_unmet) + ":" + name,
                            "Denied because two rules oblige `" + name + "` differently.",
                            "Let both rules ask for the same.");
        }
    }
}

void settle(Decision& decision, Request const& request, Applied const& applied, Values& values) {
    auto const says = [&](Verdict verdict) {
        return std::any_of(applied.matched.begin(), applied.matched.end(),
                           [&](auto const* rule) { return rule->verdict == verdict; });
    };
    if (says(Verdict::deny)) {
        decision.code = codes::denied_by_rule;
    } else if (!applied.errors.empty()) {
        decision.code = std::string(codes::policy_error) + ":" + applied.errors.front().rule;
    } else if (says(Verdict::require_approval)) {
        decision.verdict = Verdict::require_approval;
        decision.code = codes::approval_required;
        decision.approval.emplace();
        for (auto const* rule : applied.matched)
            if (rule->approval) join(*decision.approval, *rule, request, values);
        if (request.effect == Effect::irreversible) decision.approval->risk = Risk::high;
    } else if (says(Verdict::permit)) {
        decision.verdict = Verdict::permit;
        decision.code = codes::permitted_by_rule;
    } else if (request.effect == Effect::read) {
        decision.verdict = Verdict::permit;
        decision.code = codes::permitted_read;
    }
}

}  // namespace

Decision decide(Request const& request, std::vector<Rule const*> const* rules,
                std::set<std::string> const& implemented) {
    Decision decision;
    if (!rules) {
        deny(decision, codes::tool_unknown_to_policy,
             "Denied because `" + request.tool + "` is not a tool that the policy knows.",
             "Declare the tool, then publish the policies again.");
        return decision;
    }
    if (effect_from(to_string(request.effect)) == Effect::unknown) {
        deny(decision, codes::effect_unknown,
             "Denied because nobody said what `" + request.tool + "` does to the world.",
             "Let its contract say `effect: read`, `write` or `irreversible`.");
        return decision;
    }
    if (!request.arguments.json().is_object()) {
        deny(decision, codes::arguments_malformed,
             "Denied because the arguments of `" + request.tool + "` are not an object.",
             "Name each argument.");
        return decision;
    }
    Values values(request);
    auto const applied = apply_rules(*rules, values);
    for (auto const* rule : applied.matched)
        decision.matched.push_back(
            {rule->policy, rule->policy_version, rule->name, rule->title, rule->verdict});
    decision.errors = applied.errors;
    decision.near_misses = nearest(applied.misses, values);
    settle(decision, request, applied, values);
    explain(decision, request, applied.misses);
    if (decision.approval && is_impossible(*decision.approval))
        deny(decision, codes::approval_impossible,
             "Denied because nobody who is asked may approve it.",
             "Ask more people in the rule `" + decision.approval->rule + "`.");
    if (decision.verdict != Verdict::deny) join_obligations(decision, applied.matched, implemented);
    return decision;
}

}  // namespace resolute::policy
