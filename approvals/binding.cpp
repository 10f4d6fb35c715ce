#include "approvals/binding.h"

#include <algorithm>
#include <array>

#include "base/canonical_json.h"
#include "base/error_codes.h"
#include "base/json_writer.h"

namespace resolute::approvals {
namespace {

constexpr std::array<char const*, 17> members = {"v",
                                                 "tenant",
                                                 "run",
                                                 "step",
                                                 "occurrence",
                                                 "tool",
                                                 "tool_version",
                                                 "schema_digest",
                                                 "server_identity",
                                                 "principal",
                                                 "on_behalf_of",
                                                 "arguments",
                                                 "labels",
                                                 "idempotency_key",
                                                 "policy_digest",
                                                 "evidence_root",
                                                 "preconditions"};

Diagnostic incomplete(std::string const& member, std::string const& what) {
    return {.code = codes::binding_incomplete,
            .message = "The binding's `" + member + "` " + what + ".",
            .remedy = "Bind only what is known completely.",
            .pointer = "/" + member};
}

Diagnostics problems_of(Binding const& binding) {
    Diagnostics problems;
    auto const require = [&](bool is_there, char const* member, char const* what = "is missing") {
        if (!is_there) problems.push_back(incomplete(member, what));
    };
    require(!binding.tenant.empty(), "tenant");
    require(!binding.run.is_nil(), "run");
    require(!binding.step.path.empty(), "step");
    require(!binding.tool.empty(), "tool");
    require(!binding.tool_version.empty(), "tool_version");
    require(!binding.schema_digest.is_zero(), "schema_digest");
    require(!binding.principal.empty(), "principal");
    auto const& arguments = binding.arguments.json();
    require(!arguments.is_null(), "arguments");
    require(arguments.is_null() || arguments.is_object(), "arguments", "must be an object");
    require(binding.labels.is_object(), "labels", "must be an object");
    require(!binding.idempotency_key.empty(), "idempotency_key");
    require(!binding.policy_digest.is_zero(), "policy_digest");
    require(!binding.evidence_root.is_zero(), "evidence_root");
    require(binding.preconditions.is_array(), "preconditions", "must be a list");
    return problems;
}

// The members in their canonical order, written without building a JSON value of them first: this
// runs twice for every write.
bool write_members(std::string& out, Binding const& binding) {
    bool is_fine = true;
    auto text = [&](char const* name, std::string_view value) {
        ((out += out.empty() ? "{\"" : ",\"") += name) += "\":";
        is_fine = write_json_string(out, value) && is_fine;
    };
    auto digest = [&](char const* name, Digest const& value) {
        ((out += ",\"") += name) += "\":\"";
        append_hex(out, value.view());
        out += '"';
    };
    auto value = [&](char const* name, Json const& json) {
        ((out += out.empty() ? "{\"" : ",\"") += name) += "\":";
        is_fine = write_canonical(out, json, 1) && is_fine;
    };
    value("arguments", binding.arguments.json());
    digest("evidence_root", binding.evidence_root);
    text("idempotency_key", binding.idempotency_key);
    value("labels", binding.labels);
    text("occurrence", binding.step.path);
    text("on_behalf_of", binding.on_behalf_of);
    digest("policy_digest", binding.policy_digest);
    value("preconditions", binding.preconditions);
    text("principal", binding.principal);
    text("run", to_string(binding.run));
    digest("schema_digest", binding.schema_digest);
    text("server_identity", binding.server_identity);
    text("step", node_of(binding.step));
    text("tenant", binding.tenant);
    text("tool", binding.tool);
    text("tool_version", binding.tool_version);
    value("v", Binding::version);
    out += '}';
    return is_fine;
}

// Takes members out of a JSON object and reports what is not as it must be.
class Members {
  public:
    explicit Members(Json const& json) : json_(json) {
        if (!json.is_object()) {
            problems.push_back(incomplete("", "must be an object"));
            return;
        }
        for (auto const& [name, _] : json.items())
            if (std::none_of(members.begin(), members.end(),
                             [&](auto const* known) { return name == known; }))
                problems.push_back(incomplete(name, "is not known"));
    }

    Json value(char const* name) {
        if (json_.is_object() && json_.contains(name)) return json_.at(name);
        problems.push_back(incomplete(name, "is missing"));
        return nullptr;
    }
    std::string text(char const* name) {
        auto const found = value(name);
        if (found.is_string()) return found.get<std::string>();
        problems.push_back(incomplete(name, "must be text"));
        return {};
    }
    template <class T>
    T parsed(char const* name, std::optional<T> (*parse)(std::string_view)) {
        auto const found = parse(text(name));
        if (!found) problems.push_back(incomplete(name, "cannot be read"));
        return found.value_or(T{});
    }

    Diagnostics problems;

  private:
    Json const& json_;
};

}  // namespace

Result<Json> to_json(Binding const& binding) {
    auto problems = problems_of(binding);
    if (!problems.empty()) return problems;
    return Json{{"v", Binding::version},
                {"tenant", binding.tenant},
                {"run", to_string(binding.run)},
                {"step", node_of(binding.step)},
                {"occurrence", binding.step.path},
                {"tool", binding.tool},
                {"tool_version", binding.tool_version},
                {"schema_digest", to_string(binding.schema_digest)},
                {"server_identity", binding.server_identity},
                {"principal", binding.principal},
                {"on_behalf_of", binding.on_behalf_of},
                {"arguments", binding.arguments.json()},
                {"labels", binding.labels},
                {"idempotency_key", binding.idempotency_key},
                {"policy_digest", to_string(binding.policy_digest)},
                {"evidence_root", to_string(binding.evidence_root)},
                {"preconditions", binding.preconditions}};
}

Result<std::string> canonical_bytes(Binding const& binding) {
    auto problems = problems_of(binding);
    if (!problems.empty()) return problems;
    std::string bytes;
    bytes.reserve(1024);
    if (write_members(bytes, binding)) return bytes;
    return canonical_json(to_json(binding).value());  // which says where it cannot be written
}

Result<Digest> digest_of(Binding const& binding) {
    auto bytes = canonical_bytes(binding);
    if (!bytes) return bytes.diagnostics();
    return sha256(*bytes);
}

Result<Binding> binding_from_json(Json const& json) {
    Members from(json);
    Binding binding;
    if (from.value("v") != Json(Binding::version))
        from.problems.push_back(incomplete("v", "is not a version that is known"));
    binding.tenant = from.text("tenant");
    binding.run = from.parsed<RunId>("run", &RunId::parse);
    binding.step = StepId{from.text("occurrence")};
    if (from.text("step") != node_of(binding.step))
        from.problems.push_back(incomplete("step", "is not the node of its occurrence"));
    binding.tool = from.text("tool");
    binding.tool_version = from.text("tool_version");
    binding.schema_digest = from.parsed<Digest>("schema_digest", &parse_digest);
    binding.server_identity = from.text("server_identity");
    binding.principal = from.text("principal");
    binding.on_behalf_of = from.text("on_behalf_of");
    binding.arguments = from.value("arguments");
    binding.labels = from.value("labels");
    binding.idempotency_key = from.text("idempotency_key");
    binding.policy_digest = from.parsed<Digest>("policy_digest", &parse_digest);
    binding.evidence_root = from.parsed<Digest>("evidence_root", &parse_digest);
    binding.preconditions = from.value("preconditions");
    auto const incomplete_members = problems_of(binding);
    if (from.problems.empty()) from.problems = incomplete_members;
    if (!from.problems.empty()) return std::move(from.problems);
    return binding;
}

}  // namespace resolute::approvals
