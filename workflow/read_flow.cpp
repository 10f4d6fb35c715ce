// Reads the steps that direct the flow: do, for, fork, switch, set, wait, raise.
#include "base/limits.h"
#include "base/spelling.h"
#include "workflow/reading.h"

namespace resolute::workflow {

void read_do(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<Do>();
    if (auto const* body = fields.find("do"))
        read_block(reading, *body, what.body, {.path = "do", .around = &step});
}

void read_for(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<For>();
    Fields loop(*fields.find("for"), "`for`", reading.problems);
    if (auto each = read_variable(reading, loop.find("each"))) what.each = *each;
    if (auto at = read_variable(reading, loop.find("at"))) what.at = *at;
    if (what.each == what.at)
        reading.problems.error(loop.node(), codes::invalid_name,
                               "`each` and `at` name the same variable `" + what.each + "`.",
                               "Give them different names.");
    if (auto const* in = loop.require("in"))
        what.in = read_template(reading, *in, {.text = Text::bare});
    loop.finish();
    Binding const variables(reading, {what.each, what.at});
    what.while_ = read_condition(reading, fields.find("while"));
    if (auto const* body = fields.require("do"))
        read_block(reading, *body, what.body, {.path = "do", .around = &step});
}

void read_fork(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<Fork>();
    Fields fork(*fields.find("fork"), "`fork`", reading.problems);
    what.compete = fork.boolean("compete").value_or(false);
    if (auto const* branches = fork.require("branches")) {
        if (branches->items.size() > limits::fork_branches)
            reading.problems.error(
                *branches, codes::invalid_value,
                "A `fork` has at most " + std::to_string(limits::fork_branches) + " branches.",
                "Use fewer.");
        bool const outer = reading.in_branch;
        reading.in_branch = true;
        read_block(
            reading, *branches, what.branches,
            {.path = "fork/branches", .around = &step, .flow = BlockOptions::Flow::branches});
        reading.in_branch = outer;
    }
    fork.finish();
}

void read_switch(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<Switch>();
    auto const& cases = *fields.find("switch");
    if (!expect(cases, Node::Kind::list, "`switch`", reading.problems)) return;
    if (cases.items.empty())
        reading.problems.error(cases, codes::invalid_value, "This `switch` has no cases.",
                               "Add one.");
    bool has_default = false;
    std::vector<std::string> names;
    for (auto const& item : cases.items) {
        if (!expect(item, Node::Kind::map, "A case", reading.problems)) continue;
        if (item.members.size() != 1) {
            reading.problems.error(item, codes::wrong_type,
                                   "A case is one name with a map below it.",
                                   "Write `- name:` and indent `when` and `then`.");
            continue;
        }
        auto const& member = item.members.front();
        if (std::find(names.begin(), names.end(), member.key) != names.end())
            reading.problems.error(place_of(member), codes::duplicate_name,
                                   "Another case is named `" + member.key + "` too.",
                                   "Give the case another name.");
        names.push_back(member.key);
        Fields fields_of_case(member.value, "Case `" + member.key + "`", reading.problems);
        Switch::Case choice{.name = member.key, .place = place_of(member)};
        choice.when = read_condition(reading, fields_of_case.find("when"));
        if (auto const* then = fields_of_case.require("then")) {
            choice.then = read_directive(reading, then);
            choice.then_place = place_of(*then);
        }
        fields_of_case.finish();
        if (has_default)
            reading.problems.error(place_of(member), codes::unreachable_step,
                                   "No value reaches case `" + member.key +
                                       "`: a case without `when` stands above it.",
                                   "Move the case without `when` to the end.");
        has_default = has_default || !fields_of_case.find("when");
        what.cases.push_back(std::move(choice));
    }
}

void read_set(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<Set>();
    auto const& value = *fields.find("set");
    if (!value.is(Node::Kind::map) && !value.is(Node::Kind::text))
        reading.problems.error(value, codes::wrong_type,
                               "`set` must be a map, or an expression in `${ }`.",
                               "Name the values: `set: { result: … }`.");
    what.value = read_template(reading, value);
}

void read_wait(Reading& reading, Fields& fields, Step& step) {
    step.what.emplace<Wait>(Wait{read_duration(reading, *fields.find("wait")), {}});
}

void read_raise(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<Raise>();
    Fields raise(*fields.find("raise"), "`raise`", reading.problems);
    auto const* error = raise.require("error");
    raise.finish();
    if (!error) return;
    if (error->is(Node::Kind::text)) {
        auto const found = reading.offers.errors.find(error->text());
        if (found == reading.offers.errors.end()) {
            std::vector<std::string> names;
            for (auto const& [name, node] : reading.offers.errors) names.push_back(name);
            auto const near = did_you_mean(error->text(), names);
            return reading.problems.error(
                *error, codes::unknown_reference,
                "`use.errors` has no error `" + error->text() + "`.",
                near.empty() ? "Define it there, or write the error out." : near.substr(1));
        }
        error = found->second;
    }
    Fields members(*error, "An error", reading.problems);
    for (auto const* key : {"type", "status"})
        if (auto const* value = members.require(key))
            what.error.emplace(key, read_template(reading, *value));
    for (auto const* key : {"title", "detail", "instance"})
        if (auto const* value = members.find(key))
            what.error.emplace(key, read_template(reading, *value));
    members.finish();
    auto const* status = error->find("status");
    bool const is_expression = status && status->is(Node::Kind::text) &&
                               (reading.mode == Reading::Mode::loose ||
                                status->text().starts_with("${"));
    if (status && !status->scalar.is_number_integer() && !is_expression)
        reading.problems.error(*status, codes::wrong_type,
                               "`status` must be a whole number such as 404.");
}

}  // namespace resolute::workflow
