#include "tools/openapi_call.h"

#include "tools/openapi_operation.h"
#include "tools/request_call.h"
#include "workflow/yaml.h"

namespace resolute::tools {
namespace {

// JSON as it was parsed, or YAML, which arrives as text.
Result<Json> document_in(Json const& content) {
    if (!content.is_string()) return content;
    auto const read = workflow::read_yaml(content.get_ref<std::string const&>(), "the document");
    if (!read) return read.diagnostics();
    return workflow::to_json(*read);
}

Answer operation_in(Contract const& contract, Json const& content, Json const& arguments) {
    auto const document = document_in(content);
    auto request = document ? operation_request(*document, arguments) : document;
    if (request) return {Answered{std::move(*request)}, Json::object()};
    auto why = "`" + contract.name + "` found no request: " + request.diagnostics().front().message;
    return {Refused{configuration_failure(std::move(why), codes::invalid_value)}, Json::object()};
}

}  // namespace

void call_operation(net::HttpClient& http, Clock const& clock, Sending const& sending,
                    OperationCall const& call, OnAnswer const& done) {
    auto fetch = sending;
    fetch.arguments = Payload(sending.arguments.json().at("document"));
    call_request(
        http, clock, fetch, RequestCall{"GET", call.reach}, [sending, done](Answer answer) {
            auto const* fetched = std::get_if<Answered>(&answer.what);
            if (!fetched) return done(std::move(answer));
            auto evidence = std::move(answer.evidence);
            answer = guarded(*sending.contract, [&] {
                return operation_in(*sending.contract, fetched->value, sending.arguments.json());
            });
            answer.evidence.update(evidence);
            done(std::move(answer));
        });
}

}  // namespace resolute::tools
