// The requests that operations of OpenAPI documents stand for.
#include "tests/catch.h"
#include "tests/tools/fixtures.h"
#include "tests/tools/system.h"
#include "tools/openapi_operation.h"
#include "tools/request_contracts.h"

using namespace resolute;
using namespace resolute::tools;

namespace {

constexpr char swagger[] = R"({"swagger":"2.0","host":"pets.shop","basePath":"/v2",
  "schemes":["https","http"],"paths":{
    "/pet/findByStatus":{"get":{"operationId":"findPets","parameters":[
      {"name":"status","in":"query","required":true,"type":"array","collectionFormat":"multi"},
      {"name":"tags","in":"query","type":"array"}]}},
    "/pet/{petId}":{"get":{"operationId":"getPet","parameters":[{"$ref":"#/parameters/petId"}]},
      "post":{"operationId":"changePet","parameters":[{"$ref":"#/parameters/petId"},
        {"name":"name","in":"formData","type":"string"}]}},
    "/pet":{"post":{"operationId":"addPet","parameters":[
      {"name":"body","in":"body","required":true,"schema":{"type":"object"}},
      {"name":"api_key","in":"header","type":"string"}]}}},
  "parameters":{"petId":{"name":"petId","in":"path","required":true,"type":"integer"}}})";

constexpr char openapi[] = R"({"openapi":"3.1.0",
  "servers":[{"url":"https://{region}.shop/api/","variables":{"region":{"default":"eu"}}}],
  "paths":{"/orders/{id}":{
    "parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],
    "put":{"operationId":"putOrder","parameters":[
        {"name":"tag","in":"query","schema":{"type":"array"}},
        {"name":"fields","in":"query","explode":false,"schema":{"type":"array"}},
        {"name":"session","in":"cookie","schema":{"type":"string"}}],
      "requestBody":{"$ref":"#/components/requestBodies/order"}},
    "delete":{"operationId":"dropOrder","servers":[{"url":"/admin"}]}}},
  "components":{"requestBodies":{"order":{"required":true,"content":{
    "text/plain":{},"application/vnd.order+json":{}}}}}})";

Json asking(char const* operation, Json parameters) {
    return {{"document", {{"uri", "https://docs.shop/spec/openapi.json"}}},
            {"operationId", operation},
            {"parameters", std::move(parameters)}};
}

std::string request(char const* document, char const* operation, Json parameters) {
    auto const made = operation_request(Json::parse(document), asking(operation, parameters));
    return made ? to_text(*made) : made.diagnostics().front().message;
}

}  // namespace

TEST_CASE("operations of Swagger 2.0") {
    CHECK(request(swagger, "findPets", {{"status", {"sold", "new"}}, {"tags", {"a", "b"}}}) ==
          R"({"arguments":{"query":{"status":["sold","new"],"tags":"a,b"},)"
          R"("uri":"https://pets.shop/v2/pet/findByStatus"},"tool":"http.get"})");
    CHECK(request(swagger, "getPet", {{"petId", 7}}) ==
          R"({"arguments":{"uri":"https://pets.shop/v2/pet/7"},"tool":"http.get"})");
    CHECK(request(swagger, "addPet", {{"body", {{"name", "Rex"}}}, {"api_key", "k"}}) ==
          R"({"arguments":{"body":{"name":"Rex"},"headers":{"api_key":"k"},)"
          R"("uri":"https://pets.shop/v2/pet"},"tool":"http.post"})");
    CHECK(request(swagger, "changePet", {{"petId", 7}, {"name", "Rex"}}) ==
          R"({"arguments":{"body":{"name":"Rex"},"headers":{"Content-Type":)"
          R"("application/x-www-form-urlencoded"},"uri":"https://pets.shop/v2/pet/7"},)"
          R"("tool":"http.post"})");
}

TEST_CASE("operations of OpenAPI 3") {
    CHECK(
        request(openapi, "putOrder",
                {{"id", "a/b"},
                 {"tag", {1, 2}},
                 {"fields", {"x", "y"}},
                 {"session", "s"},
                 {"sum", 5}}) ==
        R"({"arguments":{"body":{"sum":5},"headers":{"Content-Type":"application/vnd.order+json",)"
        R"("Cookie":"session=s"},"query":{"fields":"x,y","tag":[1,2]},)"
        R"("uri":"https://eu.shop/api/orders/a%2Fb"},"tool":"http.put"})");
    CHECK(request(openapi, "dropOrder", {{"id", "1"}}) ==
          R"({"arguments":{"uri":"https://docs.shop/admin/orders/1"},"tool":"http.delete"})");
}

TEST_CASE("what an operation does not have is told") {
    CHECK(request(openapi, "putOrdr", {}) ==
          "The document has no operation `putOrdr`. Did you mean `putOrder`?");
    CHECK(request(swagger, "getPet", {}) == "The operation needs the parameter `petId`.");
    CHECK(request(swagger, "getPet", {{"petId", 1}, {"petID", 2}}) ==
          "The operation has no parameter `petID`. Did you mean `petId`?");
    CHECK(request(openapi, "putOrder", {{"id", "1"}}) == "The operation needs a `body`.");
    CHECK(request("{}", "x", {}) == "It is no OpenAPI document: it has no `paths`.");
    CHECK(request(R"({"paths":{"/a":{"$ref":"#/paths/~1a"}}})", "x", {}) ==
          "The document has no operation `x`.");
}

TEST_CASE("a document is fetched, as JSON or YAML, and its operation found") {
    System system;
    Registry::Parts parts;
    parts.contracts = request_contracts(std::make_shared<Reach const>());
    Stand stand(Registry::make(std::move(parts)).value());
    auto const ask = [&](char const* operation) {
        return stand.call("openapi.operation", {{"document", {{"uri", system.url() + "/doc"}}},
                                                {"operationId", operation}});
    };
    auto const url = system.url() + "/all";
    system.answers(200, R"({"openapi":"3.0.0","paths":{"/all":{"get":{"operationId":"all"}}}})",
                   {{"Content-Type", "application/json"}});
    auto const json = ask("all");
    REQUIRE(std::holds_alternative<outcome::Succeeded>(json));
    CHECK(std::get<outcome::Succeeded>(json).output.json()["arguments"]["uri"] == url);
    system.answers(200, "openapi: 3.0.0\npaths:\n  /all:\n    get: { operationId: all }\n",
                   {{"Content-Type", "application/yaml"}});
    auto const yaml = ask("all");
    REQUIRE(std::holds_alternative<outcome::Succeeded>(yaml));
    CHECK(std::get<outcome::Succeeded>(yaml).output.json()["arguments"]["uri"] == url);
    auto const none = ask("other");
    REQUIRE(std::holds_alternative<outcome::Failed>(none));
    CHECK_THAT(std::get<outcome::Failed>(none).error.type,
               Catch::Matchers::EndsWith("configuration"));
    system.answers(404, "");
    auto const missing = ask("all");
    REQUIRE(std::holds_alternative<outcome::Failed>(missing));
    CHECK(std::get<outcome::Failed>(missing).error.status == 404);
}
