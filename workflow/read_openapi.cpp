#include "workflow/read_openapi.h"

#include "workflow/read_authentication.h"
#include "workflow/read_http.h"

namespace resolute::workflow {
namespace {

using Members = std::map<std::string, Template>;

// An external resource: {name?, endpoint}.
Template read_document(Reading& reading, Node const& node) {
    Members members;
    Fields document(node, "`document`", reading.problems);
    document.text("name");
    if (auto const* endpoint = document.require("endpoint"))
        read_endpoint(reading, *endpoint, members);
    document.finish();
    return Template::map(std::move(members));
}

}  // namespace

void read_openapi(Reading& reading, Fields& with, Step& step) {
    Members arguments;
    if (auto const* document = with.require("document"))
        arguments.emplace("document", read_document(reading, *document));
    if (auto const* operation = with.require("operationId"))
        arguments.emplace("operationId", read_template(reading, *operation));
    if (auto const* parameters = with.find("parameters"))
        arguments.emplace("parameters", read_template(reading, *parameters));
    if (auto const* authentication = with.find("authentication"))
        if (auto read = read_authentication(reading, *authentication))
            arguments.emplace("authentication", std::move(*read));
    read_http_answer(reading, with, arguments);

    auto& block = step.what.emplace<Do>().body;
    block.path = "do";
    auto& find = add_step(block, &step, "operation", step.place).what.emplace<Call>();
    find.function = "tool";
    find.target = "openapi.operation";
    find.target_place = step.place;
    find.request = tool_request(find.target, std::move(arguments));
    auto& make = add_step(block, &step, "request", step.place).what.emplace<Call>();
    make.function = "tool";  // which one, says the operation
    make.request = Template::current();
}

}  // namespace resolute::workflow
