#include "workflow/read_extension.h"

#include <algorithm>
#include <array>

#include "base/spelling.h"

namespace resolute::workflow {
namespace {

struct Kind {
    char const* key;  // of the step
    char const* name;  // of the standard, when it is another
};
// A `for` has a `do` too. Cases of a `switch` go to steps beside it, so it cannot stand in a block.
constexpr std::array kinds{
    Kind{"call", "call"},     Kind{"for", "for"},   Kind{"try", "try"},
    Kind{"do", "composite"},  Kind{"set", "set"},   Kind{"fork", "composite"},
    Kind{"raise", "raise"},   Kind{"wait", "wait"}, Kind{"run", "run"},
    Kind{"listen", "listen"}, Kind{"emit", "emit"}};

std::optional<std::string> read_kind(Reading& reading, Fields& fields) {
    auto word = fields.required_text("extend");
    if (!word) return std::nullopt;
    std::vector<std::string> known{"all", "do", "fork"};
    for (auto const& kind : kinds) known.emplace_back(kind.name);
    if (std::ranges::find(known, *word) != known.end()) return word;
    auto const& node = *fields.find("extend");
    if (*word == "switch" || *word == "extension") {
        reading.problems.unsupported(place_of(node), "An extension of `" + *word + "`");
    } else {
        auto const near = did_you_mean(*word, known);
        reading.problems.error(node, codes::invalid_value, "`" + *word + "` is no kind of step.",
                               near.empty() ? "Use call, all or another kind." : near.substr(1));
    }
    return std::nullopt;
}

Expression variable(std::string const& text) {
    return Expression::compile(text, {"tasks"}).value();
}

// One extended step while its block grows.
class Around {
  public:
    Around(Reading& reading, Step& step)
        : reading_(reading), step_(step), block_(step.what.emplace<Do>().body) {
        block_.path = "do";
    }

    void keep(std::string const& name) {
        add(name).what.emplace<Set>().value = Template::current();
    }

    // The extension's steps, passed over when its condition does not hold, and then `kept` again.
    void put(Extension const& extension, Node const* steps, std::string const& when,
             std::string const& kept) {
        if (!steps) return;
        auto const over = extension.name + " " + when + " is over";
        auto& choice = add(extension.name + " " + when);
        choice.extends = &step_;
        auto& applies = choice.what.emplace<Switch>();
        applies.cases.push_back({"applies", choice.place, condition(extension), "", choice.place});
        choice.then = over;
        choice.then_place = choice.place;
        for (auto const& item : steps->items) {
            if (item.members.size() != 1) continue;  // reported where it is written
            auto const& member = item.members.front();
            auto& one = add_step(block_, &step_, member.key, place_of(member));
            read_step(reading_, member.value, one);
            one.extends = &step_;
        }
        add(over).what.emplace<Set>().value = Template(variable("$tasks." + kept));
    }

    Step& itself(Node const& node) {
        auto& inner = add_step(block_, &step_, step_.name, step_.place);
        read_step(reading_, node, inner);
        return inner;
    }

    void check() { check_targets(reading_, block_, BlockOptions::Flow::sequence); }

  private:
    // It is asked about steps of every shape: where it fails, this one is none that it means.
    std::optional<Condition> condition(Extension const& extension) {
        auto read = read_condition(reading_, extension.when);
        if (read) read->value = read->value.otherwise(Payload(Json(false)));
        return read;
    }

    Step& add(std::string const& name) { return add_step(block_, &step_, name, step_.place); }

    Reading& reading_;
    Step& step_;
    Block& block_;
};

// Nothing extends what stands in an extension.
class Inside {
  public:
    explicit Inside(Reading& reading) : reading_(reading) { reading_.in_extension = true; }
    ~Inside() { reading_.in_extension = false; }
    Inside(Inside const&) = delete;
    Inside& operator=(Inside const&) = delete;

  private:
    Reading& reading_;
};

// Finds the mistakes of an extension where it is written, whether or not it extends anything.
void check_steps(Reading& reading, Node const* steps) {
    if (!steps) return;
    Inside const inside(reading);
    Step scratch;
    read_block(reading, *steps, scratch.what.emplace<Do>().body, {"do", &scratch});
}

}  // namespace

void read_extensions(Reading& reading, Node const& node) {
    if (!expect(node, Node::Kind::list, "`extensions`", reading.problems)) return;
    for (auto const& item : node.items) {
        if (!expect(item, Node::Kind::map, "An extension", reading.problems)) continue;
        if (item.members.size() != 1) {
            reading.problems.error(item, codes::wrong_type,
                                   "An extension is one name with a map below it.",
                                   "Write `- name:` and indent what belongs to it.");
            continue;
        }
        auto const& [name, line, column, written] = item.members.front();
        Fields fields(written, "Extension `" + name + "`", reading.problems);
        Extension extension{.name = name, .extends = read_kind(reading, fields).value_or("")};
        extension.when = fields.find("when");
        read_condition(reading, extension.when);
        extension.before = fields.find("before");
        extension.after = fields.find("after");
        fields.finish();
        check_steps(reading, extension.before);
        check_steps(reading, extension.after);
        reading.offers.extensions.push_back(std::move(extension));
    }
}

std::vector<Extension> extensions_of(Reading const& reading, Node const& step) {
    std::vector<Extension> found;
    if (reading.in_extension || !step.is(Node::Kind::map)) return found;
    auto const kind =
        std::ranges::find_if(kinds, [&](Kind const& one) { return step.find(one.key) != nullptr; });
    if (kind == kinds.end()) return found;
    for (auto const& extension : reading.offers.extensions)
        if (extension.extends == "all" || extension.extends == kind->key ||
            extension.extends == kind->name)
            found.push_back(extension);
    return found;
}

void read_extended(Reading& reading, Node const& node, Step& step,
                   std::vector<Extension> const& extensions) {
    Around around(reading, step);
    around.keep("task_input");
    {
        Inside const inside(reading);
        for (auto const& extension : extensions)
            around.put(extension, extension.before, "before", "task_input");
    }
    auto& inner = around.itself(node);
    step.condition = std::exchange(inner.condition, {});
    step.then = std::exchange(inner.then, {});
    step.then_place = inner.then_place;
    around.keep("task_output");
    {
        Inside const inside(reading);
        for (auto const& extension : extensions)
            around.put(extension, extension.after, "after", "task_output");
    }
    around.check();
}

}  // namespace resolute::workflow
