// What `call: http` asks for: addresses, credentials that stay where they are, functions.
#include "tests/workflow/driver.h"
#include "workflow/uri_template.h"

using namespace resolute;
using namespace resolute::testing;

namespace {

std::string filled(std::string const& text, Json const& values) {
    auto const address = workflow::UriTemplate::parse(text);
    if (!address) return "no address: " + address.diagnostics().front().message;
    auto const made = address->expand(values);
    return made ? *made : "refused: " + made.diagnostics().front().message;
}

Diagnostics problems(std::string const& yaml) {
    auto const loaded = workflow::load(yaml, "w.yaml");
    return loaded ? (*loaded)->warnings : loaded.diagnostics();
}

std::string first_problem(std::string const& yaml) {
    auto const all = problems(yaml);
    return all.empty() ? "nothing"
                       : std::to_string(all[0].line) + ":" + std::to_string(all[0].column) + " " +
                             all[0].code + " " + all[0].message;
}

// The arguments that the step `a` asks with.
Json asked(std::string const& with, Json const& input, std::string const& before_do = {}) {
    Driver driver(document(before_do + "do:\n  - a: { call: http, with: " + with + " }\n"));
    for (auto const* method : {"get", "post", "delete"})
        driver.outside.answers["http." + std::string(method)] = {good(nullptr)};
    driver.start(input);
    driver.output();
    return driver.request_of("/do/0/a");
}

}  // namespace

TEST_CASE("addresses are filled as RFC 6570 says") {
    // The values and most rows are those of its section 3.2.
    auto const values = Json::parse(
        R"({"var":"value","hello":"Hello World!","half":"50%","empty":"","path":"/foo/bar","x":1024,
            "y":"768","list":["red","green","blue"],"keys":{"dot":".","semi":";"},"none":null,
            "done":"a%20b","city":"Gr\u00fcn","gaps":["","a",null,"b"],"blanks":{"a":"","b":null},
            "nothing":[],"nobody":{"a":null}})");
    std::vector<std::pair<std::string, std::string>> const rows{
        {"{var}", "value"},
        {"{hello}", "Hello%20World%21"},
        {"{half}", "50%25"},
        {"{x,y}", "1024,768"},
        {"{x,hello,y}", "1024,Hello%20World%21,768"},
        {"{var:3}", "val"},
        {"{list}", "red,green,blue"},
        {"{list*}", "red,green,blue"},
        {"{keys}", "dot,.,semi,%3B"},
        {"{keys*}", "dot=.,semi=%3B"},
        {"{path}", "%2Ffoo%2Fbar"},
        {"{+path}/here", "/foo/bar/here"},
        {"{+x,hello,y}", "1024,Hello%20World!,768"},
        {"{#path:6}here", "#/foo/bhere"},
        {"X{.list*}", "X.red.green.blue"},
        {"{/var,x}/here", "/value/1024/here"},
        {"{/list*}", "/red/green/blue"},
        {"{;x,y,empty}", ";x=1024;y=768;empty"},
        {"{;list*}", ";list=red;list=green;list=blue"},
        {"{?x,y,empty}", "?x=1024&y=768&empty="},
        {"{?x,none,y}", "?x=1024&y=768"},
        {"{?missing}", ""},
        {"{missing}{+none}{nothing}{nobody}", ""},
        {"a{/missing}{.none}{#missing}{;none}{&nothing*}b", "ab"},
        {"{x,none,y}", "1024,768"},
        {"{x,empty}", "1024,"},
        {"{empty,x}", ",1024"},
        {"{/var,empty}", "/value/"},
        {"X{.empty}", "X."},
        {"{#empty}", "#"},
        {"{+half}{+done}", "50%25a%20b"},
        {"{city:3}", "Gr%C3%BC"},
        {"{gaps}", ",a,b"},
        {"{/gaps*}", "//a/b"},
        {"{;gaps*}", ";gaps;gaps=a;gaps=b"},
        {"{?blanks*}", "?a="},
        {"{?gaps}", "?gaps=,a,b"},
        {"{?list*}", "?list=red&list=green&list=blue"},
        {"{?list}", "?list=red,green,blue"},
        {"?fixed=yes{&x}", "?fixed=yes&x=1024"},
        {"https://shop/pets/{x}/{var}?q={y}", "https://shop/pets/1024/value?q=768"}};
    for (auto const& [text, expected] : rows) {
        CAPTURE(text);
        CHECK(filled(text, values) == expected);
    }
}

TEST_CASE("an address that is written wrong, and a value that no address can have") {
    CHECK_THAT(filled("http://shop/{id}", {{"id", {{"a", {1, 2}}}}}), ContainsSubstring("must be"));
    CHECK_THAT(filled("http://shop/{id", {}), ContainsSubstring("has no `}`"));
    CHECK_THAT(filled("http://shop/{}", {}), ContainsSubstring("names no value"));
    CHECK_THAT(filled("http://shop/{a b}", {}), ContainsSubstring("is not the name of a value"));
    CHECK_THAT(filled("http://shop/{a:0}", {}), ContainsSubstring("no length"));
}

TEST_CASE("a request is made of what the step sees") {
    auto const request = asked(
        R"({ method: POST, endpoint: 'https://shop/pets/{id}', headers: { X-Trace: '${ .trace }' },
             query: { tag: ['${ .tag }', b] }, body: { name: '${ .name }' }, output: response,
             redirect: true })",
        {{"id", 7}, {"trace", "t1"}, {"tag", "a"}, {"name", "Rex"}});
    CHECK(request == Json::parse(R"({"tool":"http.post","arguments":{
        "uri":"https://shop/pets/7","headers":{"X-Trace":"t1"},"query":{"tag":["a","b"]},
        "body":{"name":"Rex"},"output":"response","redirect":true}})"));
    CHECK(asked("{ method: get, endpoint: '${ .where }', headers: '${ .all }' }",
                {{"where", "http://shop/x"}, {"all", {{"A", "1"}}}}) ==
          Json::parse(R"({"tool":"http.get","arguments":{"uri":"http://shop/x",
                          "headers":{"A":"1"}}})"));
    CHECK(asked("{ method: delete, endpoint: { uri: 'http://shop/{id}' } }", {{"id", "a/../b"}}) ==
          Json::parse(R"({"tool":"http.delete","arguments":{"uri":"http://shop/a%2F..%2Fb"}})"));
}

TEST_CASE("a value that no address can have fails the step and asks for nothing") {
    Driver driver(
        steps("  - a: { call: http, with: { method: get, endpoint: 'http://shop/{id}' } "
              "}\n"));
    driver.start({{"id", {{"a", {1, 2}}}}});
    CHECK(driver.error()["code"] == "malformed_url");
    CHECK(driver.outside.proposals.empty());
}

TEST_CASE("credentials from secrets stay expressions, all others are values") {
    std::string const use = "use: { secrets: [shop, token] }\n";
    auto const authentication = [&](std::string const& scheme) {
        return asked(
            "{ method: get, endpoint: { uri: 'http://shop/', authentication: " + scheme + " } }",
            {{"user", "ann"}}, use)["arguments"]["authentication"];
    };
    CHECK(authentication("{ basic: { username: '${ .user }', password: '${ $secrets.shop.pw }' } "
                         "}") == Json::parse(R"({"basic":{"username":{"text":"ann"},
                                   "password":{"secret":" $secrets.shop.pw "}}})"));
    CHECK(authentication("{ bearer: { token: '${$secrets.token}' } }") ==
          Json::parse(R"({"bearer":{"token":{"secret":"$secrets.token"}}})"));
    CHECK(authentication("{ digest: { use: shop } }") ==
          Json::parse(R"({"digest":{"use":"shop"}})"));
    CHECK(authentication("{ oauth2: { authority: 'http://id/{user}', grant: client_credentials, "
                         "client: { id: me, secret: '${ $secrets.token }' }, scopes: [api] } }") ==
          Json::parse(R"({"oauth2":{"authority":"http://id/ann","grant":"client_credentials",
            "client":{"id":{"text":"me"},"secret":{"secret":" $secrets.token "}},
            "scopes":["api"]}})"));
}

TEST_CASE("data cannot pass for the name of a secret") {
    auto const request = asked(
        "{ method: get, endpoint: { uri: 'http://shop/', authentication: { bearer: { token: "
        "'${ .token }' } } } }",
        {{"token", {{"secret", "$secrets.shop"}}}}, "use: { secrets: [shop] }\n");
    CHECK(request["arguments"]["authentication"] ==
          Json::parse(R"({"bearer":{"token":{"text":{"secret":"$secrets.shop"}}}})"));
}

TEST_CASE("an authentication can be named, and is checked where it is written") {
    std::string const use =
        "use:\n  authentications:\n    shop: { bearer: { token: '${ .token }' } }\n";
    CHECK(asked("{ method: get, endpoint: { uri: 'http://shop/', authentication: { use: shop } } }",
                {{"token", "t"}}, use)["arguments"]["authentication"] ==
          Json::parse(R"({"bearer":{"token":{"text":"t"}}})"));
    auto const call = [](std::string const& authentication) {
        return "do:\n  - a: { call: http, with: { method: get, endpoint: { uri: 'http://x/', "
               "authentication: " +
               authentication + " } } }\n";
    };
    CHECK(first_problem(document(use + call("{ use: shpo }"))) ==
          "6:96 unknown_reference `use.authentications` has no `shpo`.");
    CHECK(first_problem(
              document("use: { authentications: { a: { use: b } } }\n" + call("{ use: a }"))) ==
          "2:30 invalid_value `authentication` names exactly one of basic, bearer, digest, oauth2, "
          "oidc and use.");
    CHECK_THAT(first_problem(document(call("{ bearer: { token: '${ $secrets.t }' } }"))),
               ContainsSubstring("unknown_reference `use.secrets` has no `t`."));
    CHECK_THAT(first_problem(document("use: { secrets: [t] }\n" +
                                      call("{ bearer: { token: '${ .a + $secrets.t }' } }"))),
               ContainsSubstring("can read nothing else"));
    CHECK_THAT(first_problem(document(call("{ certificate: { } }"))),
               ContainsSubstring("unsupported_construct Authentication by certificate"));
    CHECK_THAT(first_problem(document(
                   call("{ oauth2: { authority: 'http://id', grant: authorization_code } }"))),
               ContainsSubstring("unsupported_construct `grant: authorization_code`"));
}

TEST_CASE("secrets are in no other place than authentication") {
    CHECK_THAT(first_problem(document("use: { secrets: [t] }\ndo:\n  - a: { set: { x: '${ "
                                      "$secrets.t }' } }\n")),
               ContainsSubstring("invalid_expression"));
    CHECK_THAT(first_problem(document("use: { secrets: [t] }\ndo:\n  - a: { call: http, with: { "
                                      "method: get, endpoint: 'http://x', headers: { A: '${ "
                                      "$secrets.t }' } } }\n")),
               ContainsSubstring("invalid_expression"));
}

TEST_CASE("the method is known when the document is loaded") {
    auto const with = [](std::string const& method) {
        return first_problem(steps("  - a: { call: http, with: { method: " + method +
                                   ", endpoint: 'http://x' } }\n"));
    };
    CHECK(with("fetch") == "3:38 invalid_value `fetch` is not a method.");
    CHECK_THAT(with("'${ .m }'"), ContainsSubstring("must be written out"));
    CHECK_THAT(
        first_problem(steps("  - a: { call: http, with: { method: get, endpoint: 'x/y' } }\n")),
        ContainsSubstring("3:53 malformed_url `x/y` is no address."));
    CHECK_THAT(first_problem(steps("  - a: { call: tool, with: { tool: http.get } }\n")),
               ContainsSubstring("has a call of its own"));
}

TEST_CASE("a function that is a step gets its arguments as its input") {
    Driver driver(document(R"(
use:
  functions:
    getPet:
      input: { schema: { document: { type: object, required: [id] } } }
      call: http
      with: { method: get, endpoint: 'http://shop/pets/{id}' }
      output: { as: .name }
    twice: { do: [ { one: { set: { n: '${ .n * 2 }' } } } ] }
do:
  - pet: { call: getPet, with: { id: '${ .pet }' }, output: { as: '{ name: ., of: $input.pet }' } }
  - double: { call: twice, with: { n: 21 } }
)"));
    driver.outside.answers["http.get"] = {good({{"name", "Rex"}})};
    driver.start({{"pet", 3}});
    CHECK(driver.output() == Json{{"n", 42}});
    CHECK(driver.request_of("/do/0/pet/do/1/getPet")["arguments"]["uri"] == "http://shop/pets/3");
    CHECK(driver.run().frames.empty());
    auto const done = driver.facts<StepCompleted>();
    auto const pet = std::ranges::find_if(
        done, [](StepCompleted const& fact) { return fact.step.path == "/do/0/pet"; });
    REQUIRE(pet != done.end());
    CHECK(pet->output.json() == Json{{"name", "Rex"}, {"of", 3}});
}

TEST_CASE("an operation is found first, and what it says is then requested") {
    Driver driver(document(R"(
use: { secrets: [key] }
do:
  - pet:
      call: openapi
      with:
        document: { name: shop, endpoint: { uri: 'http://shop/{version}/openapi.json' } }
        operationId: getPet
        parameters: { id: '${ .pet }' }
        authentication: { bearer: { token: '${ $secrets.key }' } }
        output: response
      output: { as: .name }
)"));
    Json const request{{"tool", "http.get"}, {"arguments", {{"uri", "http://shop/pets/3"}}}};
    driver.outside.answers["openapi.operation"] = {good(request)};
    driver.outside.answers["http.get"] = {good({{"name", "Rex"}})};
    driver.start({{"pet", 3}, {"version", "v2"}});
    CHECK(driver.output() == "Rex");
    CHECK(driver.request_of("/do/0/pet/do/0/operation") == Json::parse(R"({
        "tool":"openapi.operation","arguments":{"document":{"uri":"http://shop/v2/openapi.json"},
        "operationId":"getPet","parameters":{"id":3},"output":"response",
        "authentication":{"bearer":{"token":{"secret":" $secrets.key "}}}}})"));
    CHECK(driver.request_of("/do/0/pet/do/1/request") == request);
}

TEST_CASE("a function cannot call itself, and sees no variable of its caller") {
    CHECK(first_problem(document("use: { functions: { f: { do: [ { a: { call: f } } ] } } }\ndo:\n "
                                 " - x: { call: f }\n")) ==
          "2:24 invalid_value The function `f` calls itself.");
    CHECK_THAT(
        first_problem(document("use: { functions: { f: { set: { x: '${ $row }' } } } }\ndo:\n"
                               "  - l: { for: { each: row, in: .rows }, do: [ { a: { call: "
                               "f } } ] }\n")),
        ContainsSubstring("2:"));
}
