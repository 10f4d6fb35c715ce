#include "tools/server.h"

#include "base/canonical_json.h"
#include "tools/expander.h"

namespace resolute::tools {

std::string Server::identity() const {
    return "mcp:" + name + ":" + to_string(canonical_digest(Json(command)));
}

Result<Server> read_server(std::string_view yaml, std::string const& file,
                           Environment const& environment) {
    auto root = workflow::read_yaml(yaml, file);
    if (!root) return root.diagnostics();
    Problems problems(file);
    Fields fields(*root, "A server", problems);
    Expander expander(environment, problems);
    Server server{.name = required_name(fields, "server").value_or(""), .file = file};
    bool const has_command = fields.require("command") != nullptr;
    server.command = expander.texts(fields, "command");
    if (has_command && server.command.empty())
        wrong(fields, "command", codes::invalid_value, "`command` is empty.",
              "List the program and its arguments.");
    server.environment = expander.secret_texts(fields, "env");
    server.secrets = expander.take_secrets();
    fields.finish();
    if (problems.has_errors()) return problems.in_order();
    return server;
}

}  // namespace resolute::tools
