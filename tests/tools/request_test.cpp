// Requests that workflows write themselves, over real sockets: what is sent, who may be reached,
// how they authenticate, and what every answer means.
#include "tests/catch.h"
#include "tests/net/scripted_server.h"
#include "tests/tools/fixtures.h"
#include "tests/tools/outcomes.h"
#include "tests/tools/system.h"
#include "tools/digest_access.h"
#include "tools/request_contracts.h"
#include "tools/request_exchange.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

constexpr char secret_password[] = "canary-password-9c1f";

std::shared_ptr<Registry const> requests(Reach reach = {}) {
    Registry::Parts parts;
    parts.contracts = request_contracts(std::make_shared<Reach const>(std::move(reach)));
    return Registry::make(std::move(parts)).value();
}

std::string type(Failure const& failure) { return failure.type.substr(sizeof(error_base) - 1); }

bool is_unknown(Outcome const& outcome) {
    return std::holds_alternative<outcome::Unknown>(outcome);
}

std::string header(net::ServerRequest const& request, char const* name) {
    return std::string(request.header(name).value_or("none"));
}

net::Headers const json_type{{"Content-Type", "application/json"}};

}  // namespace

TEST_CASE("a request goes out as it was written, and a write has its key") {
    System system;
    system.answers(200, R"({"ok":true})", json_type);
    Stand stand(requests());
    CHECK(output_of(stand.call("http.post", {{"uri", system.url() + "/a/b?x=1"},
                                             {"query", {{"tag", {"p q", "r"}}, {"none", nullptr}}},
                                             {"headers", {{"X-Number", 7}}},
                                             {"body", {{"name", "Rex"}}}})) == Json{{"ok", true}});
    auto const sent = system.last();
    CHECK(sent.method == "POST");
    CHECK(sent.target == "/a/b?x=1&tag=p%20q&tag=r");
    CHECK(sent.body == R"({"name":"Rex"})");
    CHECK(header(sent, "X-Number") == "7");
    CHECK(header(sent, "Content-Type") == "application/json");
    CHECK(header(sent, "Idempotency-Key") == "rk_1");
    output_of(stand.call("http.get", {{"uri", system.url() + "/"}}));
    CHECK(header(system.last(), "Idempotency-Key") == "none");
    CHECK(system.last().body.empty());
    output_of(stand.call("http.put",
                         {{"uri", system.url() + "/"},
                          {"headers", {{"Content-Type", "application/x-www-form-urlencoded"}}},
                          {"body", {{"a", "1 2"}, {"b", 3}}}}));
    CHECK(system.last().body == "a=1%202&b=3");
    output_of(stand.call("http.put", {{"uri", system.url() + "/"}, {"body", "as it is"}}));
    CHECK(system.last().body == "as it is");
    CHECK(header(system.last(), "Content-Type") == "text/plain; charset=utf-8");
}

TEST_CASE("an answer is its content, its bytes or the whole response") {
    System system;
    Stand stand(requests());
    auto const get = [&](char const* output) {
        return output_of(
            stand.call("http.get", {{"uri", system.url() + "/pet"}, {"output", output}}));
    };
    system.answers(200, R"({"id":1})", {{"Content-Type", "application/problem+json"}});
    CHECK(get("content") == Json{{"id", 1}});
    CHECK(get("raw") == "eyJpZCI6MX0=");
    auto const response = get("response");
    CHECK(response["statusCode"] == 200);
    CHECK(response["content"] == Json{{"id", 1}});
    CHECK(response["headers"]["Content-Type"] == "application/problem+json");
    CHECK(response["request"]["method"] == "GET");
    CHECK(response["request"]["uri"] == system.url() + "/pet");
    CHECK(response["request"]["headers"].contains("Accept"));
    system.answers(200, "plain", {{"Content-Type", "text/plain"}});
    CHECK(get("content") == "plain");
    system.answers(200, std::string("\xff\x00", 2), {{"Content-Type", "application/octet-stream"}});
    CHECK(get("content") == "/wA=");
    system.answers(204, "");
    CHECK(get("content") == nullptr);
}

TEST_CASE("every status means one thing for a request that writes and one for one that reads") {
    System system;
    Stand stand(requests());
    auto const call = [&](char const* tool, bool redirect = false) {
        return stand.call(tool, {{"uri", system.url() + "/"}, {"redirect", redirect}});
    };
    struct Row {
        int status;
        char const* type;
        bool leaves_write_open = false;
    };
    for (auto const& row :
         {Row{302, "communication"}, Row{400, "communication"}, Row{401, "authentication"},
          Row{403, "authorization"}, Row{404, "communication"}, Row{408, "timeout"},
          Row{409, "communication"}, Row{429, "communication"}, Row{500, "communication"},
          Row{502, "communication", true}, Row{503, "communication"},
          Row{504, "communication", true}}) {
        CAPTURE(row.status);
        system.answers(row.status, R"({"detail":"because"})", json_type);
        auto const read = failure_of(call("http.get"));
        CHECK(type(read) == row.type);
        CHECK(read.status == row.status);
        CHECK_THAT(read.detail, ContainsSubstring("because"));
        auto const written = call("http.post");
        CHECK(is_unknown(written) == row.leaves_write_open);
        if (!row.leaves_write_open) CHECK(failure_of(written).status == row.status);
    }
    system.answers(302, "", {{"Location", "http://elsewhere"}});
    CHECK(output_of(call("http.get", true)) == nullptr);
    CHECK(system.calls() == 25);
}

TEST_CASE("what nobody answered is an error of a read and a question after a write") {
    net::ScriptedServer server([](net::Peer& peer, int) {
        peer.read_until("\r\n\r\n");
        peer.close();
    });
    Stand stand(requests());
    Json const arguments{{"uri", server.url() + "/"}};
    CHECK(type(failure_of(stand.call("http.get", arguments))) == "communication");
    auto const attempt = stand.permitted("http.post", arguments);
    CHECK(is_unknown(stand.perform(attempt)));
    auto const verdict = stand.verify(attempt);
    CHECK(verdict.verdict == Verdict::undecided);
    CHECK_THAT(verdict.evidence.text(), ContainsSubstring("Nothing but a person"));
    CHECK(stand.handler.terms(attempt.intent).attempts == 1);
    CHECK(type(failure_of(stand.call("http.post", {{"uri", "http://127.0.0.1:1/"}}))) ==
          "communication");
}

TEST_CASE("a success that cannot be read leaves a write open") {
    System system;
    Stand stand(requests());
    system.answers(200, "{", json_type);
    CHECK(type(failure_of(stand.call("http.get", {{"uri", system.url()}}))) == "communication");
    CHECK(is_unknown(stand.call("http.patch", {{"uri", system.url()}})));
}

TEST_CASE("a write needs a policy, and reads need none") {
    auto const known = requests();
    CHECK(known->names().empty());  // `call: tool` does not offer them
    auto const nothing = policy::Set::compile({}, {known->for_policies(), {}}).value();
    auto const admitted = [&](char const* tool, policy::Set const& policies) {
        return admit({*known, policies, {}}, proposal(tool, {{"uri", "http://shop/refunds"}}))
            .index();
    };
    for (auto const* tool : {"http.get", "http.head", "http.options"})
        CHECK(admitted(tool, nothing) == 0);
    for (auto const* tool : {"http.post", "http.put", "http.patch", "http.delete"})
        CHECK(admitted(tool, nothing) == 2);
    auto const narrow = policies(*known,
                                 "policy: web\nversion: 1.0.0\nrules:\n  - name: refunds\n    "
                                 "title: Refunds\n    tools: [http.post]\n    when: "
                                 "$arguments.uri == \"http://shop/refunds\"\n    decide: permit\n");
    CHECK(admitted("http.post", narrow) == 0);
    CHECK(admitted("http.put", narrow) == 2);
}

TEST_CASE("only the hosts that the operator lists are reached") {
    System system;
    system.answers(200, "1", json_type);
    auto const at = [](std::string const& text) { return net::parse_url(text).value(); };
    Reach const open;
    CHECK(may_reach(open, at("http://shop/x")));
    CHECK_FALSE(may_reach(open, at("http://169.254.169.254/latest/meta-data")));
    CHECK_FALSE(may_reach(open, at("http://[::ffff:169.254.169.254]/")));
    CHECK_FALSE(may_reach(open, at("http://metadata.google.internal/")));
    Reach const listed{{}, {"api.shop", "*.example.com", "127.0.0.1:81"}};
    CHECK(may_reach(listed, at("https://api.shop/x")));
    CHECK(may_reach(listed, at("http://a.b.example.com/")));
    CHECK(may_reach(listed, at("http://127.0.0.1:81/")));
    for (auto const* other : {"http://shop/", "http://example.com/", "http://evilexample.com/",
                              "http://127.0.0.1/", "http://127.0.0.1:8080/"})
        CHECK_FALSE(may_reach(listed, at(other)));
    Stand stand(requests(listed));
    auto const refused = failure_of(stand.call("http.get", {{"uri", system.url()}}));
    CHECK(type(refused) == "authorization");
    CHECK_THAT(refused.detail, ContainsSubstring("under `egress`"));
    CHECK(system.calls() == 0);
}

TEST_CASE("a path that climbs and headers of the client are refused before anything is sent") {
    Stand stand(requests());
    auto const refused = [&](Json arguments) {
        return type(failure_of(stand.call("http.get", std::move(arguments))));
    };
    CHECK(refused({{"uri", "http://127.0.0.1:1/a/../b"}}) == "validation");
    CHECK(refused({{"uri", "http://user:pw@127.0.0.1:1/"}}) == "validation");
    CHECK(refused({{"uri", "ftp://127.0.0.1:1/"}}) == "validation");
    CHECK(refused({{"uri", "http://127.0.0.1:1/"}, {"headers", {{"Host", "x"}}}}) == "validation");
    CHECK(refused({{"uri", "http://127.0.0.1:1/"}, {"headers", {{"A", "1\r\nB: 2"}}}}) ==
          "validation");
}

TEST_CASE("secrets go into the request and nowhere else, even when the answer repeats them") {
    System system;
    Stand stand(requests({{{"shop", {{"username", "ann"}, {"password", secret_password}}},
                           {"token", "canary-token-77"}},
                          {}}));
    system.answers([](net::ServerRequest const& request, net::Responder responder) {
        responder.respond(
            {request.path == "/no" ? 400 : 200,
             {{"Content-Type", "text/plain"}},
             "you sent " + std::string(request.header("Authorization").value_or(""))});
    });
    auto const call = [&](char const* path, Json authentication) {
        return stand.call("http.get", {{"uri", system.url() + path},
                                       {"output", "response"},
                                       {"authentication", std::move(authentication)}});
    };
    auto const basic = output_of(call("/", {{"basic", {{"use", "shop"}}}}));
    CHECK(header(system.last(), "Authorization") == "Basic YW5uOmNhbmFyeS1wYXNzd29yZC05YzFm");
    CHECK(basic["content"] == "you sent Basic [secret]");
    CHECK_FALSE(basic["request"]["headers"].contains("Authorization"));
    Json const token{{"bearer", {{"token", {{"secret", "$secrets.token"}}}}}};
    auto const bearer = output_of(call("/", token));
    CHECK(header(system.last(), "Authorization") == "Bearer canary-token-77");
    CHECK(bearer["content"] == "you sent Bearer [secret]");
    auto const attempt =
        stand.permitted("http.get", {{"uri", system.url() + "/no"}, {"authentication", token}});
    CHECK_THAT(attempt.intent.request.text(), !ContainsSubstring("canary"));
    auto const refused = stand.perform(attempt);
    CHECK_THAT(failure_of(refused).detail, ContainsSubstring("you sent Bearer [secret]"));
    CHECK_THAT(std::get<outcome::Failed>(refused).evidence.text(), !ContainsSubstring("canary"));
}

TEST_CASE("a secret that is not configured is told before anything is sent") {
    System system;
    system.answers(200, "");
    Stand stand(requests({{{"token", "canary-token-77"}}, {}}));
    auto const call = [&](Json credential) {
        auto const refused = failure_of(stand.call(
            "http.get", {{"uri", system.url()},
                         {"authentication", {{"bearer", {{"token", std::move(credential)}}}}}}));
        CHECK(type(refused) == "configuration");
        return refused.detail;
    };
    CHECK_THAT(call({{"secret", "$secrets.tokn"}}), ContainsSubstring("Did you mean `token`?"));
    CHECK_THAT(call({{"text", {{"secret", "$secrets.token"}}}}), ContainsSubstring("must be text"));
    CHECK(system.calls() == 0);
}

TEST_CASE("a token is asked for first, and without it nothing is sent") {
    System authority, system;
    system.answers(200, "1", json_type);
    Stand stand(requests({{{"key", "canary-client-secret"}}, {}}));
    auto const call = [&](char const* scheme, Json more) {
        Json values{
            {"authority", authority.url() + "/realm"},
            {"grant", "client_credentials"},
            {"client", {{"id", {{"text", "me"}}}, {"secret", {{"secret", "$secrets.key"}}}}},
            {"scopes", {"a", "b"}}};
        values.update(more);
        return stand.call("http.post", {{"uri", system.url() + "/"},
                                        {"authentication", {{scheme, std::move(values)}}}});
    };
    authority.answers(200, R"({"access_token":"fresh-token-1","token_type":"Bearer"})", json_type);
    CHECK(output_of(call("oauth2", Json::object())) == 1);
    CHECK(authority.last().target == "/realm/oauth2/token");
    CHECK(authority.last().body ==
          "client_id=me&client_secret=canary-client-secret&grant_type=client_credentials&scope=a%"
          "20b");
    CHECK(header(system.last(), "Authorization") == "Bearer fresh-token-1");
    output_of(call("oauth2", {{"endpoints", {{"token", "/t"}}},
                              {"encoding", "application/json"},
                              {"grant", "password"},
                              {"username", {{"text", "ann"}}},
                              {"password", {{"text", "pw"}}}}));
    CHECK(authority.last().target == "/realm/t");
    CHECK(Json::parse(authority.last().body)["username"] == "ann");
    authority.answers([&](net::ServerRequest const& request, net::Responder responder) {
        bool const asks = request.path == "/realm/.well-known/openid-configuration";
        responder.respond({200, json_type,
                           asks ? R"({"token_endpoint":")" + authority.url() + R"(/found"})"
                                : R"({"access_token":"fresh-token-2"})"});
    });
    output_of(call("oidc", Json::object()));
    CHECK(authority.last().target == "/found");
    CHECK(header(system.last(), "Authorization") == "Bearer fresh-token-2");
    auto const before = system.calls();
    authority.answers(401, R"({"error":"bad canary-client-secret"})", json_type);
    auto const refused = failure_of(call("oauth2", Json::object()));
    CHECK(type(refused) == "authentication");
    CHECK_THAT(refused.detail, !ContainsSubstring("canary"));
    CHECK(system.calls() == before);
}

TEST_CASE("digest access answers the challenge of RFC 7616") {
    System system;
    system.answers([](net::ServerRequest const& request, net::Responder responder) {
        if (!request.header("Authorization"))
            return responder.respond(
                {401,
                 {{"WWW-Authenticate", "Digest realm=\"r\", nonce=\"n1\", qop=\"auth\""}},
                 ""});
        responder.respond(
            {200, {{"Content-Type", "text/plain"}}, std::string(*request.header("Authorization"))});
    });
    Stand stand(requests());
    Json const who{{"username", {{"text", "ann"}}}, {"password", {{"text", "pw"}}}};
    auto const said = output_of(stand.call("http.post", {{"uri", system.url() + "/x"},
                                                         {"body", {{"a", 1}}},
                                                         {"authentication", {{"digest", who}}}}))
                          .get<std::string>();
    CHECK_THAT(said, ContainsSubstring("Digest username=\"ann\", realm=\"r\", nonce=\"n1\", "
                                       "uri=\"/x\", response=\""));
    CHECK(system.last().body == R"({"a":1})");
    // The example of RFC 2617 without qop, whose response is a constant of its inputs.
    Credentials const mufasa{
        "digest", {{"username", "Mufasa"}, {"password", "Circle Of Life"}}, {}};
    net::ClientRequest const request{.method = "GET",
                                     .url = net::parse_url("http://h/dir/index.html").value()};
    auto const value = digest_access(
        mufasa, "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
        request);
    REQUIRE(value);
    CHECK_THAT(*value, ContainsSubstring("response=\"670fd8c2df070c60b045671b8b24ff02\""));
    CHECK_FALSE(digest_access(mufasa, "Basic realm=\"x\"", request));
    CHECK_FALSE(digest_access(mufasa, "Digest realm=\"x\", algorithm=SHA-512-256", request));
}
