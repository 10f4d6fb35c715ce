#include "cli/rehearsal/script.h"

#include <algorithm>

#include "base/error_codes.h"
#include "base/spelling.h"
#include "engine/names.h"
#include "workflow/fields.h"

namespace resolute::cli::rehearsal {
namespace {

using workflow::Fields;
using workflow::Node;
using workflow::Problems;

class Reader {
  public:
    Reader(std::string const& file, Vocabulary const& known)
        : file_(file), known_(known), problems_(file) {}

    Result<std::vector<TestCase>> read(std::string const& text) {
        auto const root = workflow::read_yaml(text, file_);
        if (!root) return root.diagnostics();
        auto cases = read_file(*root);
        if (problems_.has_errors()) return problems_.in_order();
        return cases;
    }

  private:
    std::vector<TestCase> read_file(Node const& root);
    TestCase read_case(Node const& node, TestCase const& given);
    void read_script(Fields& fields, Script& script);
    void read_tools(Node const& node, Script& script);
    void read_models(Node const& node, Script& script);
    ToolAnswer read_answer(Node const& node);
    ScriptedDecision read_decision(Node const& node);
    ScriptedSignal read_signal(Node const& node);
    ScriptedEvent read_event(Node const& node);
    Expectation read_expected(Node const& node);
    ExpectedCall read_call(Node const& node);

    std::string name_of(Node const& node, std::string const& what,
                        std::vector<std::string> const& known);
    std::optional<Duration> read_duration(Fields& fields, std::string_view key);
    std::vector<std::string> read_texts(Fields& fields, std::string_view key);

    // `read` on every item of a list, or on the one value that stands in its place.
    template <class Read> static void each(Node const* node, Read const& read) {
        if (!node) return;
        if (!node->is(Node::Kind::list)) return read(*node);
        for (auto const& item : node->items) read(item);
    }

    std::string const& file_;
    Vocabulary const& known_;
    Problems problems_;
};

std::vector<TestCase> Reader::read_file(Node const& root) {
    Fields fields(root, "a file of workflow tests", problems_);
    TestCase given{.file = file_};
    if (auto const* workflow = fields.require("workflow"))
        given.workflow = name_of(*workflow, "a workflow of the project", known_.workflows);
    if (auto const* node = fields.find("given")) {
        Fields shared(*node, "`given`", problems_);
        read_script(shared, given.script);
        shared.finish();
    }
    auto const* tests = fields.require("tests");
    fields.finish();
    std::vector<TestCase> cases;
    if (!tests || !workflow::expect(*tests, Node::Kind::list, "`tests`", problems_)) return cases;
    for (auto const& node : tests->items) cases.push_back(read_case(node, given));
    return cases;
}

TestCase Reader::read_case(Node const& node, TestCase const& given) {
    Fields fields(node, "a test", problems_);
    auto test = given;
    test.line = node.line;
    test.name = fields.required_text("name").value_or("");
    read_script(fields, test.script);
    if (auto const* expected = fields.require("expect")) test.expected = read_expected(*expected);
    fields.finish();
    return test;
}

// What a test says of a tool or a model replaces what was given; its input is merged (RFC 7396).
void Reader::read_script(Fields& fields, Script& script) {
    if (auto const* input = fields.find("input"))
        script.input.merge_patch(workflow::to_json(*input));
    if (auto const* tools = fields.find("tools")) read_tools(*tools, script);
    if (auto const* models = fields.find("models")) read_models(*models, script);
    if (auto const* recalled = fields.find("recalled")) {
        script.recalled.clear();
        each(recalled,
             [&](Node const& item) { script.recalled.push_back(workflow::to_json(item)); });
    }
    if (auto const* approvals = fields.find("approvals")) {
        script.approvals.clear();
        each(approvals, [&](Node const& item) { script.approvals.push_back(read_decision(item)); });
    }
    if (auto const* signals = fields.find("signals")) {
        script.signals.clear();
        each(signals, [&](Node const& item) { script.signals.push_back(read_signal(item)); });
    }
    if (auto const* events = fields.find("events")) {
        script.events.clear();
        each(events, [&](Node const& item) { script.events.push_back(read_event(item)); });
    }
    if (auto const cancel = read_duration(fields, "cancelAfter")) script.cancel_after = cancel;
    if (auto const stop = read_duration(fields, "stopAfter")) script.stop_after = stop;
}

void Reader::read_tools(Node const& node, Script& script) {
    if (!workflow::expect(node, Node::Kind::map, "`tools`", problems_)) return;
    for (auto const& member : node.members) {
        auto const named = std::ranges::find(known_.tools, member.key) != known_.tools.end();
        if (!named)
            problems_.error(
                member.value, codes::unknown_reference,
                "`" + member.key + "` is not a tool of the project.",
                "Name one of its `tools/*.yaml`." + did_you_mean(member.key, known_.tools));
        auto& answers = script.tools[member.key];
        answers.clear();
        each(&member.value, [&](Node const& item) { answers.push_back(read_answer(item)); });
    }
}

void Reader::read_models(Node const& node, Script& script) {
    if (!workflow::expect(node, Node::Kind::map, "`models`", problems_)) return;
    for (auto const& member : node.members) {
        auto& answers = script.models[member.key];
        answers.clear();
        each(&member.value, [&](Node const& item) { answers.push_back(workflow::to_json(item)); });
    }
}

ToolAnswer Reader::read_answer(Node const& node) {
    Fields fields(node, "an answer of a tool", problems_);
    ToolAnswer answer;
    auto const* output = fields.find("output");
    if (output) answer.output = workflow::to_json(*output);
    auto const error = fields.text("error");
    auto const lost = fields.text("lost");
    answer.retryable = fields.boolean("retryable").value_or(false);
    fields.finish();
    if (error) {
        answer.kind = ToolAnswer::Kind::error;
        answer.error = *error;
    } else if (lost) {
        answer.kind = ToolAnswer::Kind::lost;
        std::vector<std::string> const verdicts{"applied", "absent", "undecided"};
        if (std::ranges::find(verdicts, *lost) == verdicts.end())
            problems_.error(
                *fields.find("lost"), codes::invalid_value,
                "`" + *lost + "` is nothing that a system of record says.",
                "Write `applied`, `absent` or `undecided`." + did_you_mean(*lost, verdicts));
        answer.verdict = parse_name<Verdict>(*lost).value_or(Verdict::undecided);
    } else if (!output && node.is(Node::Kind::map)) {
        problems_.error(
            node, codes::missing_key, "An answer says what the tool does.",
            "Write `output: …`, `error: why`, or `lost: applied | absent | undecided`.");
    }
    return answer;
}

ScriptedDecision Reader::read_decision(Node const& node) {
    Fields fields(node, "a decision", problems_);
    ScriptedDecision decision;
    decision.step = fields.text("step").value_or("");
    decision.decision = fields.required_text("decision").value_or("");
    decision.by = fields.text("by").value_or("reviewer");
    decision.groups = read_texts(fields, "groups");
    decision.comment = fields.text("comment").value_or("");
    if (auto const* form = fields.find("form")) decision.form = workflow::to_json(*form);
    decision.after = read_duration(fields, "after").value_or(Duration::zero());
    if (auto const* refused = fields.find("refused")) {
        if (refused->is(Node::Kind::boolean) && refused->scalar == Json(true))
            decision.refused = "";
        else if (workflow::expect(*refused, Node::Kind::text, "`refused` (true, or why)",
                                  problems_))
            decision.refused = refused->text();
    }
    fields.finish();
    return decision;
}

ScriptedSignal Reader::read_signal(Node const& node) {
    Fields fields(node, "a signal", problems_);
    ScriptedSignal signal;
    signal.name = fields.required_text("name").value_or("");
    if (auto const* content = fields.find("content")) signal.content = workflow::to_json(*content);
    signal.by = fields.text("by").value_or("test");
    signal.after = read_duration(fields, "after").value_or(Duration::zero());
    fields.finish();
    return signal;
}

ScriptedEvent Reader::read_event(Node const& node) {
    Fields fields(node, "an event", problems_);
    ScriptedEvent event{.event = {{"specversion", "1.0"}}};
    event.event["type"] = fields.required_text("type").value_or("");
    event.event["source"] = fields.text("source").value_or("test");
    for (auto const* key : {"id", "subject"})
        if (auto const text = fields.text(key)) event.event[key] = *text;
    if (auto const* content = fields.find("data"))
        event.event["data"] = workflow::to_json(*content);
    event.after = read_duration(fields, "after").value_or(Duration::zero());
    fields.finish();
    return event;
}

Expectation Reader::read_expected(Node const& node) {
    Fields fields(node, "`expect`", problems_);
    Expectation expected;
    if (auto const* status = fields.find("status"))
        expected.status =
            name_of(*status, "a status", {"completed", "faulted", "cancelled", "waiting"});
    if (auto const* output = fields.find("output")) expected.output = workflow::to_json(*output);
    if (auto const* error = fields.find("error")) expected.error = workflow::to_json(*error);
    expected.waits_for = fields.text("waitsFor");
    expected.steps = read_texts(fields, "steps");
    expected.not_steps = read_texts(fields, "notSteps");
    if (auto const* calls = fields.find("calls")) {
        expected.calls.emplace();
        each(calls, [&](Node const& item) { expected.calls->push_back(read_call(item)); });
    }
    fields.finish();
    return expected;
}

ExpectedCall Reader::read_call(Node const& node) {
    Fields fields(node, "a call", problems_);
    ExpectedCall call;
    if (auto const* tool = fields.require("tool"))
        call.tool = name_of(*tool, "a tool of the project", known_.tools);
    if (auto const* arguments = fields.find("arguments"))
        call.arguments = workflow::to_json(*arguments);
    fields.finish();
    return call;
}

std::string Reader::name_of(Node const& node, std::string const& what,
                            std::vector<std::string> const& known) {
    auto const name = workflow::read_text(node, what, problems_);
    if (!name) return {};
    if (std::ranges::find(known, *name) == known.end()) {
        auto const near = did_you_mean(*name, known);
        problems_.error(node, codes::unknown_reference, "`" + *name + "` is not " + what + ".",
                        near.empty() ? "" : near.substr(1));
    }
    return *name;
}

std::optional<Duration> Reader::read_duration(Fields& fields, std::string_view key) {
    auto const text = fields.text(key);
    if (!text) return std::nullopt;
    auto const duration = parse_duration(*text);
    if (duration && *duration >= Duration::zero()) return *duration;
    problems_.error(*fields.find(key), codes::invalid_value, "`" + *text + "` is not a duration.",
                    "Write it as ISO 8601 does: `PT30S`, `PT2H`, `P1D`.");
    return std::nullopt;
}

std::vector<std::string> Reader::read_texts(Fields& fields, std::string_view key) {
    std::vector<std::string> texts;
    each(fields.find(key), [&](Node const& item) {
        auto const text =
            workflow::read_text(item, "An item of `" + std::string(key) + "`", problems_);
        if (text) texts.push_back(*text);
    });
    return texts;
}

}  // namespace

Result<std::vector<TestCase>> read_tests(std::string const& text, std::string const& file,
                                         Vocabulary const& known) {
    return Reader(file, known).read(text);
}

}  // namespace resolute::cli::rehearsal
