#include "workflow/yaml.h"

#include "base/limits.h"
#include "tests/catch.h"

using namespace resolute;
using workflow::Node;
using workflow::read_yaml;

namespace {

Json json_of(std::string const& text) { return workflow::to_json(read_yaml(text).value()); }

// "line:column message" of every problem, one per line.
std::string problems(std::string const& text) {
    auto const read = read_yaml(text, "w.yaml");
    if (read) return "";
    std::string all;
    for (auto const& problem : read.diagnostics()) {
        CHECK(problem.file == "w.yaml");
        CHECK(problem.code == "malformed_yaml");
        CHECK_FALSE(problem.remedy.empty());
        all += std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " +
               problem.message + "\n";
    }
    return all;
}

}  // namespace

TEST_CASE("plain scalars follow the core schema of YAML 1.2") {
    CHECK(json_of("[true, True, FALSE]") == Json::parse("[true,true,false]"));
    CHECK(json_of("[null, ~, NULL, ]") == Json::parse("[null,null,null]"));
    CHECK(json_of("[0, -7, +7, 0o17, 0x1F, 18446744073709551615]") ==
          Json::parse("[0,-7,7,15,31,18446744073709551615]"));
    CHECK(json_of("[1.5, -.5, 1e3, 1., 2E-2]") == Json::parse("[1.5,-0.5,1000.0,1.0,0.02]"));
    CHECK(
        json_of("[on, off, yes, no, y, 2026-01-02, 12:30:00, 1_000, 0b1, 1.0.3, 0o8, '', .]") ==
        Json::parse(
            R"(["on","off","yes","no","y","2026-01-02","12:30:00","1_000","0b1",
                          "1.0.3","0o8","","."])"));
}

TEST_CASE("quoted scalars and block text stay text") {
    CHECK(json_of("['1', \"true\", '~']") == Json::parse(R"(["1","true","~"])"));
    CHECK(json_of("|\n  12\n") == Json("12\n"));
    CHECK(json_of("[!!str 12, !!int '12', !!float 3]") == Json::parse(R"(["12",12,3])"));
}

TEST_CASE("keys are text whatever they look like") {
    CHECK(json_of("{on: 1, 5: 2, true: 3}") == Json::parse(R"({"on":1,"5":2,"true":3})"));
}

TEST_CASE("every node knows its line, its column and its pointer") {
    auto const root = read_yaml("a:\n  - b/c: 1\n    d: two\n").value();
    auto const& list = *root.find("a");
    CHECK(list.line == 2);
    CHECK(list.column == 3);
    auto const& member = list.items.at(0).members.at(1);
    CHECK(member.key == "d");
    CHECK(member.line == 3);
    CHECK(member.column == 5);
    CHECK(member.value.column == 8);
    CHECK(member.value.pointer == "/a/0/d");
    CHECK(list.items.at(0).members.at(0).value.pointer == "/a/0/b~1c");
}

TEST_CASE("an empty text is a null node at the beginning") {
    auto const root = read_yaml("# nothing\n").value();
    CHECK(root.is(Node::Kind::null));
    CHECK(root.line == 1);
}

TEST_CASE("duplicate keys are reported where they repeat, all at once") {
    CHECK(problems("a: 1\nb: 2\na: 3\nc: {x: 1, x: 2}\n") ==
          "3:1 The key `a` is here twice.\n4:11 The key `x` is here twice.\n");
}

TEST_CASE("a second document is refused at its place") {
    CHECK(problems("a: 1\n---\nb: 2\n") == "2:1 This is a second document; a file holds one.\n");
}

TEST_CASE("keys must be text") {
    CHECK(problems("a: 1\n? [x, y]\n: 2\n") == "2:3 A key must be text.\n");
    CHECK(problems("~: 1\n") == "1:1 A key is missing here.\n");
}

TEST_CASE("numbers that JSON cannot hold are refused") {
    CHECK(problems("a: 18446744073709551616\nb: .inf\nc: -.INF\nd: .nan\ne: 1e999\n") ==
          "1:4 The number `18446744073709551616` does not fit into 64 bits.\n"
          "2:4 JSON has no number `.inf`.\n3:4 JSON has no number `-.INF`.\n4:4 JSON has no number "
          "`.nan`.\n"
          "5:4 The number `1e999` does not fit into 64 bits.\n");
}

TEST_CASE("unknown tags are refused and known ones are checked") {
    CHECK(problems("a: !secret x\nb: !!int x\nc: !!set {a}\n") ==
          "1:4 The tag `!secret` is not known.\n2:4 `x` does not fit its tag `!!int`.\n"
          "3:4 The tag `tag:yaml.org,2002:set` is not known.\n");
}

TEST_CASE("aliases are written out with pointers of their own") {
    auto const root = read_yaml("a: &x {k: [1]}\nb: *x\n").value();
    CHECK(workflow::to_json(root) == Json::parse(R"({"a":{"k":[1]},"b":{"k":[1]}})"));
    CHECK(root.find("b")->find("k")->pointer == "/b/k");
}

TEST_CASE("an alias bomb is refused, and so is an alias inside its own value") {
    std::string bomb = "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 9; ++i) {
        auto const before = "*l" + std::to_string(i - 1);
        bomb += "l" + std::to_string(i) + ": &l" + std::to_string(i) + " [" + before;
        for (int n = 1; n < 10; ++n) bomb += "," + before;
        bomb += "]\n";
    }
    CHECK_THAT(problems(bomb),
               ContainsSubstring("5:") && ContainsSubstring("more than 100000 values"));
    CHECK(problems("a: &a [*a]\n") == "1:8 This alias stands inside the value that it names.\n");
    CHECK_THAT(problems("a: *nobody\n"), ContainsSubstring("1:4 This is not YAML"));
}

TEST_CASE("deep nesting and long texts are refused") {
    auto const depth = static_cast<std::size_t>(limits::yaml_depth);
    CHECK(problems(std::string(depth, '[') + std::string(depth, ']')).empty());
    CHECK(problems(std::string(depth + 1, '[') + std::string(depth + 1, ']')) ==
          "1:101 Lists and maps are nested deeper than 100.\n");
    CHECK_FALSE(problems(std::string(100'000, '[')).empty());
    CHECK_THAT(problems(std::string(limits::yaml_bytes + 1, ' ')),
               ContainsSubstring("longer than"));
}

TEST_CASE("bytes that are not text are refused at their place") {
    CHECK(problems("a: 1\nb: \xff\n") == "2:4 This is not UTF-8 text.\n");
    CHECK(problems("a: 1\nb: x\x04y\nc: [\n") == "2:5 A control character stands here.\n");
}

TEST_CASE("syntax errors name their place and the likely slip") {
    auto const unclosed = read_yaml("a: [1, 2\nb: 3\n").diagnostics();
    REQUIRE(unclosed.size() == 1);
    CHECK(unclosed[0].line >= 1);
    auto const expression = read_yaml("a: 1\nset: ${ {a: .b} }\n").diagnostics();
    REQUIRE(expression.size() == 1);
    CHECK(expression[0].line == 2);
    CHECK_THAT(expression[0].remedy, ContainsSubstring("Put the expression in quotes"));
    auto const tab = read_yaml("a:\n\tb: 1\n").diagnostics();
    REQUIRE(tab.size() == 1);
    CHECK(tab[0].line == 2);
    CHECK_THAT(tab[0].remedy, ContainsSubstring("spaces"));
}
