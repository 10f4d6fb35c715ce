// Reads lists of steps: names, the fields that every step has, and where the flow goes from each.
#include <algorithm>
#include <array>
#include <set>

#include "base/limits.h"
#include "base/spelling.h"
#include "engine/ids.h"
#include "workflow/read_extension.h"
#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

using Reader = void (*)(Reading&, Fields&, Step&);
struct Kind {
    char const* key;
    Reader read;
};

// `for` and `try` come before `do`, which a `for` contains.
constexpr std::array kinds{
    Kind{"call", read_call}, Kind{"for", read_for},     Kind{"try", read_try},
    Kind{"do", read_do},     Kind{"set", read_set},     Kind{"switch", read_switch},
    Kind{"fork", read_fork}, Kind{"raise", read_raise}, Kind{"wait", read_wait},
    Kind{"run", read_run},   Kind{"emit", read_emit},   Kind{"listen", read_listen}};

bool is_flow_word(std::string_view name) {
    return name == "continue" || name == "exit" || name == "end";
}

void check_name(Reading& reading, Node::Member const& member, std::set<std::string>& names) {
    auto const& name = member.key;
    auto const at = place_of(member);
    auto refuse = [&](std::string message) {
        reading.problems.error(at, codes::invalid_name, std::move(message),
                               "Give the step another name.");
    };
    if (name.empty())
        refuse("A step has an empty name.");
    else if (name.size() > limits::step_name_bytes)
        refuse("The step's name is longer than " + std::to_string(limits::step_name_bytes) +
               " bytes.");
    else if (is_flow_word(name))
        refuse("`" + name + "` directs the flow and cannot name a step.");
    else if (name.find_first_not_of("0123456789") == std::string::npos)
        refuse("A number cannot name a step.");
    if (!names.insert(name).second)
        reading.problems.error(at, codes::duplicate_name,
                               "Another step of this list is named `" + name + "` too.",
                               "Give the step another name.");
}

// The reader for what the step does; nothing when that is not clear, which was reported.
Kind const* kind_of_step(Reading& reading, Fields& fields, std::string const& name) {
    Kind const* found = nullptr;
    std::vector<std::string> keys;
    for (auto const& kind : kinds) {
        keys.emplace_back(kind.key);
        if (!fields.node().find(kind.key)) continue;
        bool const belongs =
            found && std::string_view(found->key) == "for" && std::string_view(kind.key) == "do";
        if (!found)
            found = &kind;
        else if (!belongs)
            reading.problems.error(
                *fields.find(kind.key), codes::invalid_value,
                "Step `" + name + "` has both `" + found->key + "` and `" + kind.key + "`.",
                "Make two steps of it.");
    }
    if (found || !fields.node().is(Node::Kind::map)) return found;
    std::string near;
    for (auto const& member : fields.node().members)
        if (near.empty()) near = did_you_mean(member.key, keys);
    reading.problems.error(
        fields.node(), codes::missing_key, "Step `" + name + "` does not say what it does.",
        near.empty()
            ? "Add one of call, do, set, switch, for, fork, try, raise, wait, run, emit, listen."
            : near.substr(1));
    return nullptr;
}

bool takes_no_time(Step const& step) {
    return std::holds_alternative<Set>(step.what) || std::holds_alternative<Switch>(step.what) ||
           std::holds_alternative<Raise>(step.what) || std::holds_alternative<Emit>(step.what);
}

void check_target(Reading& reading, Block const& block, BlockOptions::Flow flow,
                  Directive const& target, Place const& at) {
    if (target.empty() || is_flow_word(target)) return;
    if (flow == BlockOptions::Flow::branches)
        return reading.problems.error(
            at, codes::unknown_reference,
            "A branch of a `fork` cannot go to `" + target + "`: branches run side by side.",
            "Use `continue`, `exit` or `end`.");
    std::vector<std::string> names{"continue", "exit", "end"};
    for (auto const& step : block.steps) names.push_back(step->name);
    if (std::find(names.begin(), names.end(), target) != names.end()) return;
    auto const near = did_you_mean(target, names);
    reading.problems.error(
        at, codes::unknown_reference, "No step of this list is named `" + target + "`.",
        near.empty() ? "`then` goes to a step of the same list, or says continue, exit or end."
                     : near.substr(1));
}

}  // namespace

void check_targets(Reading& reading, Block const& block, BlockOptions::Flow flow) {
    for (auto const& step : block.steps) {
        check_target(reading, block, flow, step->then, step->then_place);
        if (auto const* branch = std::get_if<Switch>(&step->what))
            for (auto const& choice : branch->cases)
                check_target(reading, block, flow, choice.then, choice.then_place);
        if (auto const* guarded = std::get_if<Try>(&step->what); guarded && guarded->then)
            check_target(reading, block, flow, *guarded->then, guarded->then_place);
    }
}

Step& add_step(Block& block, Step const* around, std::string name, Place place) {
    auto step = std::make_unique<Step>();
    step->name = std::move(name);
    step->index = block.steps.size();
    step->node = (around ? around->node : "") + "/" + block.path + "/" +
                 std::to_string(step->index) + "/" + escape_name(step->name);
    step->place = std::move(place);
    step->around = around;
    step->block = &block;
    block.steps.push_back(std::move(step));
    return *block.steps.back();
}

void read_step(Reading& reading, Node const& node, Step& step) {
    Fields fields(node, "Step `" + step.name + "`", reading.problems);
    auto const* kind = kind_of_step(reading, fields, step.name);
    step.condition = read_condition(reading, fields.find("if"));
    step.input = read_shaping(reading, fields.find("input"), Side::input);
    step.output = read_shaping(reading, fields.find("output"), Side::output);
    step.exported = read_export(reading, fields);
    fields.find("metadata");
    if (auto const* then = fields.member("then")) {
        step.then = read_directive(reading, &then->value);
        step.then_place = place_of(then->value);
    }
    if (kind) kind->read(reading, fields, step);
    if (auto const* timeout = fields.member("timeout")) {
        step.timeout = read_timeout(reading, timeout->value);
        if (kind && takes_no_time(step))
            reading.problems.warn(
                place_of(*timeout), codes::suspicious_flow,
                "`" + std::string(kind->key) + "` takes no time, so this `timeout` never passes.",
                "Set it on the steps that take time, or remove it.");
    }
    if (kind) fields.finish();
}

Directive read_directive(Reading& reading, Node const* node) {
    if (!node) return {};
    auto text = read_text(*node, "`then`", reading.problems);
    if (!text || *text == "continue") return {};
    return *text;
}

void read_block(Reading& reading, Node const& node, Block& block, BlockOptions options) {
    block.path = options.path;
    if (!expect(node, Node::Kind::list,
                "`" + node.pointer.substr(node.pointer.rfind('/') + 1) + "`", reading.problems))
        return;
    if (node.items.empty())
        reading.problems.error(node, codes::invalid_value, "This list of steps is empty.",
                               "Add a step, or remove what holds the list.");
    if (reading.depth >= limits::step_depth)
        return reading.problems.error(
            node, codes::invalid_value,
            "Steps are nested deeper than " + std::to_string(limits::step_depth) + ".",
            "Flatten them.");
    ++reading.depth;
    std::set<std::string> names;
    for (auto const& item : node.items) {
        if (!expect(item, Node::Kind::map, "A step", reading.problems)) continue;
        if (item.members.size() != 1) {
            reading.problems.error(item, codes::wrong_type,
                                   "A step is one name with a map below it, and this has " +
                                       std::to_string(item.members.size()) + " keys.",
                                   "Write `- name:` and indent what belongs to it.");
            continue;
        }
        auto const& member = item.members.front();
        check_name(reading, member, names);
        auto& step = add_step(block, options.around, member.key, place_of(member));
        auto const around = extensions_of(reading, member.value);
        if (around.empty())
            read_step(reading, member.value, step);
        else
            read_extended(reading, member.value, step, around);
    }
    --reading.depth;
    check_targets(reading, block, options.flow);
}

}  // namespace resolute::workflow
