#include "policy/test_table.h"

#include <algorithm>

#include "base/spelling.h"
#include "workflow/fields.h"

namespace resolute::policy {
namespace {

using workflow::Fields;
using workflow::Node;

struct Expected {
    std::string verdict;
    std::vector<std::string> rules;  // must all have matched; with none, no rule may have
    bool has_rules = false;
    std::string code;                // "" = any
};

struct Test {
    std::string name;
    int line = 0;
    Json request;
    Expected expected;
};

class TableReader {
  public:
    TableReader(File const& file, Set const& set) : file_(file), set_(set), problems_(file.name) {}

    Result<std::vector<Test>> read() {
        auto root = workflow::read_yaml(file_.text, file_.name);
        if (!root) return root.diagnostics();
        auto tests = read_table(*root);
        if (problems_.has_errors()) return problems_.in_order();
        return tests;
    }

  private:
    std::vector<Test> read_table(Node const& root);
    Test read_test(Node const& node, Json const& given);
    Expected read_expected(Node const& node);
    Json read_request(Node const* node);
    void check_known(Node const& at, std::string const& name, std::vector<std::string> const& known,
                     std::string const& what);

    File const& file_;
    Set const& set_;
    workflow::Problems problems_;
};

void TableReader::check_known(Node const& at, std::string const& name,
                              std::vector<std::string> const& known, std::string const& what) {
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    auto const near = did_you_mean(name, known);
    problems_.error(at, codes::invalid_value, "`" + name + "` is not " + what + ".",
                    near.empty() ? "" : near.substr(1));
}

std::vector<Test> TableReader::read_table(Node const& root) {
    Fields fields(root, "a table of policy tests", problems_);
    auto const policy = fields.required_text("policy");
    if (policy) check_known(*fields.find("policy"), *policy, set_.policies(), "a policy");
    auto const given = read_request(fields.find("given"));
    auto const* list = fields.require("tests");
    fields.finish();
    std::vector<Test> tests;
    if (!list || !workflow::expect(*list, Node::Kind::list, "`tests`", problems_)) return tests;
    for (auto const& node : list->items) tests.push_back(read_test(node, given));
    return tests;
}

Json TableReader::read_request(Node const* node) {
    if (!node) return Json::object();
    Fields fields(*node, "a request", problems_);
    for (auto const* key : {"tool", "version", "effect", "arguments", "facts", "input", "labels",
                            "tenant", "principal", "onBehalfOf", "workflow", "case", "time"})
        fields.find(key);
    fields.finish();
    return node->is(Node::Kind::map) ? workflow::to_json(*node) : Json::object();
}

Test TableReader::read_test(Node const& node, Json const& given) {
    Fields fields(node, "a test", problems_);
    Test test;
    test.line = node.line;
    test.name = fields.required_text("name").value_or("");
    test.request = given;
    test.request.merge_patch(read_request(fields.find("when")));
    auto const tool = test.request.value("tool", Json());
    if (!tool.is_string())
        problems_.error(node, codes::missing_key, "This test names no tool.",
                        "Put `tool:` into `given` or `when`.");
    if (auto const* expected = fields.require("expect")) test.expected = read_expected(*expected);
    fields.finish();
    return test;
}

Expected TableReader::read_expected(Node const& node) {
    Fields fields(node, "`expect`", problems_);
    Expected expected;
    expected.verdict = fields.required_text("verdict").value_or("");
    if (auto const* verdict = fields.find("verdict"))
        check_known(*verdict, expected.verdict, {"permit", "require_approval", "deny"},
                    "a verdict");
    expected.code = fields.text("code").value_or("");
    if (auto const* rules = fields.find("rules");
        rules && workflow::expect(*rules, Node::Kind::list, "`rules`", problems_)) {
        expected.has_rules = true;
        for (auto const& item : rules->items) {
            auto const name = workflow::read_text(item, "a rule", problems_);
            if (name) check_known(item, *name, set_.rules(), "a rule");
            if (name) expected.rules.push_back(*name);
        }
    }
    fields.finish();
    return expected;
}

std::string text_of(Json const& json, char const* key, std::string otherwise) {
    auto const found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

Request request_of(Json const& json, Tools const& tools) {
    Request request;
    request.tool = text_of(json, "tool", "");
    if (auto const tool = tools.find(request.tool); tool != tools.end()) {
        request.tool_version = tool->second.version;
        request.effect = tool->second.effect;
    }
    request.tool_version = text_of(json, "version", request.tool_version);
    if (json.contains("effect")) request.effect = effect_from(text_of(json, "effect", ""));
    request.arguments = Payload(json.value("arguments", Json::object()));
    request.input = Payload(json.value("input", Json()));
    request.labels = json.value("labels", Json::object());
    auto const facts = json.value("facts", Json::object());
    for (auto const& [step, output] : facts.items()) request.facts[step] = Payload(output);
    request.tenant = text_of(json, "tenant", "test");
    auto const principal = json.value("principal", Json::object());
    request.principal.kind = text_of(principal, "kind", "person");
    request.principal.id = text_of(principal, "id", "initiator");
    for (auto const& group : principal.value("groups", Json::array()))
        if (group.is_string()) request.principal.groups.push_back(group.get<std::string>());
    request.on_behalf_of = text_of(json, "onBehalfOf", "");
    request.workflow = text_of(json, "workflow", "test/test");
    request.case_id = text_of(json, "case", "");
    if (auto const at = parse_timestamp(text_of(json, "time", "1970-01-01T00:00:00Z")))
        request.at = *at;
    return request;
}

std::string problem_with(Decision const& decision, Expected const& expected) {
    if (to_string(decision.verdict) != expected.verdict)
        return "Expected " + expected.verdict + ", got " +
               std::string(to_string(decision.verdict)) + ". " + decision.sentence;
    if (!expected.code.empty() && decision.code != expected.code)
        return "Expected the code " + expected.code + ", got " + decision.code + ". " +
               decision.sentence;
    if (!expected.has_rules) return {};
    std::vector<std::string> matched;
    for (auto const& reason : decision.matched) matched.push_back(reason.rule);
    auto wanted = expected.rules;
    std::sort(matched.begin(), matched.end());
    std::sort(wanted.begin(), wanted.end());
    if (matched == wanted) return {};
    return "Expected the rules " + to_text(Json(wanted)) + ", matched " + to_text(Json(matched)) +
           ". " + decision.sentence;
}

}  // namespace

Result<std::vector<TestOutcome>> run_tests(Set const& set, std::vector<File> const& files) {
    std::vector<TestOutcome> outcomes;
    Diagnostics problems;
    for (auto const& file : files) {
        auto tests = TableReader(file, set).read();
        if (!tests) {
            problems.insert(problems.end(), tests.diagnostics().begin(), tests.diagnostics().end());
            continue;
        }
        for (auto const& test : *tests) {
            TestOutcome outcome{file.name, test.line,
                                test.name, false,
                                {},        set.decide(request_of(test.request, set.tools()))};
            outcome.problem = problem_with(outcome.decision, test.expected);
            outcome.passed = outcome.problem.empty();
            outcomes.push_back(std::move(outcome));
        }
    }
    if (!problems.empty()) return problems;
    return outcomes;
}

}  // namespace resolute::policy
