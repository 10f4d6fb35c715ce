#include "policy/explain.h"

#include <algorithm>

#include "base/limits.h"

namespace resolute::policy {
namespace {

std::string marked(std::string const& text) { return "`" + text + "`"; }

// "it is 48000" or "`$arguments.amount` is 48000 and `$facts.cap` is 10000".
std::string actual_sentence(Json const& actual) {
    if (actual.size() == 1) return "it is " + to_text(actual.begin().value());
    std::string sentence;
    for (auto const& [text, value] : actual.items())
        sentence += (sentence.empty() ? "" : " and ") + marked(text) + " is " + to_text(value);
    return sentence;
}

Reason const* first_with(Decision const& decision, Verdict verdict) {
    auto const found = std::find_if(decision.matched.begin(), decision.matched.end(),
                                    [&](auto const& r) { return r.verdict == verdict; });
    return found == decision.matched.end() ? nullptr : &*found;
}

std::string by_rule(std::string const& what, Reason const& reason) {
    return what + " by the rule " + marked(reason.rule) + ": " + reason.title +
           (reason.title.ends_with('.') ? "" : ".");
}

// The near miss that alone keeps a milder verdict away.
std::string would_permit(Decision const& decision, std::vector<Miss> const& misses) {
    for (auto const wanted : {Verdict::permit, Verdict::require_approval}) {
        for (auto const& miss : misses) {
            if (miss.rule->verdict != wanted || !miss.is_last) continue;
            auto const near =
                std::find_if(decision.near_misses.begin(), decision.near_misses.end(),
                             [&](auto const& n) { return n.rule == miss.rule->name; });
            if (near == decision.near_misses.end()) continue;
            auto const verb =
                wanted == Verdict::permit ? "would permit it if " : "would ask a person if ";
            auto sentence = "The rule " + marked(near->rule) + " " + verb + marked(near->condition);
            return sentence +
                   (near->actual.empty() ? "." : "; " + actual_sentence(near->actual) + ".");
        }
    }
    return {};
}

std::string list_of_rules(Decision const& decision, Verdict verdict) {
    std::string list;
    for (auto const& reason : decision.matched)
        if (reason.verdict == verdict) list += (list.empty() ? "" : ", ") + marked(reason.rule);
    return list;
}

void explain_denial(Decision& decision, Request const& request, std::vector<Miss> const& misses) {
    if (auto const* rule = first_with(decision, Verdict::deny)) {
        decision.sentence = by_rule("Denied", *rule);
        decision.remedy =
            "Nothing permits it while " + list_of_rules(decision, Verdict::deny) + " matches.";
    } else if (!decision.errors.empty()) {
        auto const& error = decision.errors.front();
        decision.sentence = "Denied because the rule " + marked(error.rule) +
                            " cannot be evaluated: " + error.message + ".";
        decision.remedy =
            "Supply what is missing, or mend the rule: what cannot be evaluated denies.";
    } else {
        decision.sentence = "Denied because no rule permits " + marked(request.tool) + " here.";
        decision.remedy = would_permit(decision, misses);
        if (decision.remedy.empty())
            decision.remedy = "Write a rule that permits it, or that asks for an approval.";
    }
}

void explain_approval(Decision& decision, std::vector<Miss> const& misses) {
    decision.sentence =
        by_rule("Needs an approval", *first_with(decision, Verdict::require_approval));
    auto const people = decision.approval->quorum;
    decision.remedy = people == 1 ? "One person must approve it."
                                  : std::to_string(people) + " people must approve it.";
    bool const has_permit = first_with(decision, Verdict::permit);
    if (has_permit) return;
    auto milder = misses;
    std::erase_if(milder, [](auto const& miss) { return miss.rule->verdict != Verdict::permit; });
    auto const instead = would_permit(decision, milder);
    if (!instead.empty()) decision.remedy += " " + instead;
}

}  // namespace

std::vector<NearMiss> nearest(std::vector<Miss> misses, Values& values) {
    auto const nearer = [](Miss const& a, Miss const& b) {
        if (a.is_last != b.is_last) return a.is_last;
        return a.held != b.held ? a.held > b.held
                                : a.rule < b.rule;  // rules lie in the order of their files
    };
    auto const count = std::min(misses.size(), limits::policy_near_misses);
    std::partial_sort(misses.begin(), misses.begin() + static_cast<std::ptrdiff_t>(count),
                      misses.end(), nearer);
    std::vector<NearMiss> near;
    for (std::size_t i = 0; i < count; ++i) {
        auto const& miss = misses[i];
        near.push_back({miss.rule->name, miss.rule->title, miss.rule->verdict, miss.failing->text,
                        actual_values(*miss.failing, values)});
    }
    return near;
}

void explain(Decision& decision, Request const& request, std::vector<Miss> const& misses) {
    switch (decision.verdict) {
        case Verdict::deny: return explain_denial(decision, request, misses);
        case Verdict::require_approval: return explain_approval(decision, misses);
        case Verdict::permit: break;
    }
    auto const* rule = first_with(decision, Verdict::permit);
    decision.sentence =
        rule ? by_rule("Permitted", *rule)
             : "Permitted because " + marked(request.tool) + " only reads and no rule forbids it.";
}

}  // namespace resolute::policy
