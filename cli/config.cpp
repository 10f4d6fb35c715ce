#include "cli/config.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error_codes.h"
#include "base/spelling.h"
#include "cli/webhook_settings.h"
#include "engine/shell/engine.h"
#include "tools/environment.h"
#include "tools/program_contracts.h"
#include "workflow/fields.h"

extern char** environ;

namespace resolute::cli {
namespace {

using workflow::Fields;
using workflow::Node;
using workflow::Problems;

// One value with its way through flags, environment, file and default.
class Settings {
  public:
    Settings(Config& config, Problems& problems, Fields* file)
        : config_(config), problems_(problems), file_(file) {}

    std::string choose(std::string const& name, std::string const& flag_name,
                       std::string const& flag, std::string const& variable,
                       std::string const& fallback, bool secret = false) {
        std::optional<std::string> from_file;
        std::string place;
        if (file_)
            if (auto const* node = file_->find(name)) {
                from_file =
                    node->is(Node::Kind::number)
                        ? node->scalar.dump()
                        : workflow::read_text(*node, "`" + name + "`", problems_).value_or("");
                place = "resolute.yaml:" + std::to_string(node->line);
            }
        auto keep = [&](std::string value, std::string source) {
            config_.settings.push_back({name, value, std::move(source), secret});
            return value;
        };
        if (!flag.empty()) return keep(flag, "flag " + flag_name);
        if (!variable.empty())
            if (auto value = environment_value(variable))
                return keep(*value, "environment " + variable);
        if (from_file) return keep(*from_file, place);
        return keep(fallback, "default");
    }

  private:
    Config& config_;
    Problems& problems_;
    Fields* file_;
};

void read_listen(Config& config, std::string const& text, Problems& problems) {
    auto const colon = text.rfind(':');
    auto const port_text = colon == std::string::npos ? text : text.substr(colon + 1);
    int port = -1;
    std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (port < 0 || port > 65535)
        problems.error(workflow::Place{}, codes::invalid_setting,
                       "`" + text + "` is no address to listen on.", "Write it as 127.0.0.1:8700.");
    else
        config.port = static_cast<std::uint16_t>(port);
    if (colon != std::string::npos && colon > 0) config.host = text.substr(0, colon);
    if (config.host != "127.0.0.1" && config.host != "::1" && config.host != "localhost")
        problems.error(
            workflow::Place{}, codes::invalid_setting,
            "The console has no sign-in yet and may listen on this machine only, not on `" +
                config.host + "`.",
            "Use 127.0.0.1, and a proxy that asks people who they are.");
}

void read_models(Config& config, Node const& node, Problems& problems) {
    if (!workflow::expect(node, Node::Kind::map, "`models`", problems)) return;
    for (auto const& member : node.members) {
        Fields fields(member.value, "the model `" + member.key + "`", problems);
        ModelSetting model;
        model.backend = fields.required_text("backend").value_or("");
        model.url = fields.text("url").value_or("");
        model.model = fields.text("model").value_or("");
        model.key_name = fields.text("key").value_or("");
        model.script = fields.text("script").value_or("");
        fields.finish();
        if (model.backend == "scripted" && model.script.empty())
            problems.error(member.value, codes::invalid_setting,
                           "A scripted model needs a `script`.",
                           "Name the JSON file with its answers.");
        else if (model.backend == "openai" && (model.url.empty() || model.model.empty()))
            problems.error(
                member.value, codes::invalid_setting, "An openai model needs `url` and `model`.",
                "Write `url: http://127.0.0.1:8080/v1` and the server's name of the model.");
        else if (model.backend != "scripted" && model.backend != "openai")
            problems.error(member.value, codes::invalid_setting,
                           "`" + model.backend + "` is no backend.", "Use openai or scripted.");
        config.models[member.key] = std::move(model);
        config.settings.push_back({"models." + member.key, config.models[member.key].backend,
                                   "resolute.yaml:" + std::to_string(member.line), false});
    }
}

void read_variables(Config& config, Node const& node, Problems& problems) {
    if (!workflow::expect(node, Node::Kind::map, "`variables`", problems)) return;
    for (auto const& member : node.members) {
        auto const inherited = environment_value(member.key);
        auto const text =
            member.value.is(Node::Kind::number)
                ? member.value.scalar.dump()
                : workflow::read_text(member.value, "`" + member.key + "`", problems).value_or("");
        config.variables[member.key] = inherited.value_or(text);
        config.settings.push_back({"variables." + member.key, config.variables[member.key],
                                   inherited ? "environment " + member.key
                                             : "resolute.yaml:" + std::to_string(member.line),
                                   false});
    }
}

// Text, or a map of texts; `${NAME}` in it is taken from the environment and the variables.
Json read_secret(Config const& config, Node const& node, Problems& problems) {
    if (node.is(Node::Kind::map)) {
        Json members = Json::object();
        for (auto const& member : node.members)
            members[member.key] = read_secret(config, member.value, problems);
        return members;
    }
    auto const written = workflow::read_text(node, "A secret", problems);
    if (!written) return {};
    auto values = environment();
    for (auto const& [name, value] : config.variables) values.try_emplace(name, value);
    auto expansion = tools::expand(*written, values);
    for (auto const& name : expansion.unknown)
        problems.error(node, codes::unknown_variable,
                       "The variable `${" + name + "}` has no value.", "Set `" + name + "`.");
    return expansion.text;
}

void read_secrets(Config& config, Node const& node, Problems& problems) {
    if (!workflow::expect(node, Node::Kind::map, "`secrets`", problems)) return;
    for (auto const& member : node.members) {
        config.secrets[member.key] = read_secret(config, member.value, problems);
        config.settings.push_back(
            {"secrets." + member.key, "set", "resolute.yaml:" + std::to_string(member.line), true});
    }
}

void read_egress(Config& config, Node const& node, Problems& problems) {
    Fields fields(node, "`egress`", problems);
    auto const* hosts = fields.require("hosts");
    fields.finish();
    if (!hosts || !workflow::expect(*hosts, Node::Kind::list, "`hosts`", problems)) return;
    std::string shown;
    for (auto const& item : hosts->items) {
        auto host = workflow::read_text(item, "A host", problems).value_or("");
        if (host.empty() || host.find('/') != std::string::npos)
            problems.error(item, codes::invalid_setting, "`" + host + "` is no host.",
                           "Write it as api.example.com, *.example.com or 127.0.0.1:8080.");
        shown += (shown.empty() ? "" : ", ") + host;
        config.egress.push_back(std::move(host));
    }
    if (hosts->items.empty())
        problems.error(*hosts, codes::invalid_setting, "`hosts` is empty.",
                       "List the hosts that workflows may call, or remove `egress`.");
    config.settings.push_back(
        {"egress.hosts", shown, "resolute.yaml:" + std::to_string(hosts->line), false});
}

// `mcp: COMMAND`: a server that `call: mcp` may start, or the words that its command begins with.
std::string read_server(Config& config, Node const& node, Problems& problems) {
    Fields fields(node, "A program", problems);
    auto const command = fields.required_text("mcp").value_or("");
    fields.finish();
    std::istringstream words(command);
    std::vector<std::string> begins;
    for (std::string word; words >> word;) begins.push_back(word);
    if (begins.empty() && fields.find("mcp"))
        problems.error(*fields.find("mcp"), codes::invalid_setting, "`mcp` names no command.",
                       "Write `mcp: npx SERVER`.");
    if (!begins.empty()) config.servers.push_back(std::move(begins));
    return "mcp: " + command;
}

// Whoever writes workflows may then run these as the engine's own user.
void read_programs(Config& config, Node const& node, Problems& problems) {
    if (!workflow::expect(node, Node::Kind::list, "`programs`", problems)) return;
    auto const& known = tools::program_languages();
    std::string shown;
    for (auto const& item : node.items) {
        shown += shown.empty() ? "" : ", ";
        if (item.is(Node::Kind::map)) {
            shown += read_server(config, item, problems);
            continue;
        }
        auto const language = workflow::read_text(item, "A language", problems).value_or("");
        if (std::ranges::find(known, language) == known.end())
            problems.error(item, codes::invalid_setting,
                           "`" + language + "` is nothing that a workflow can run.",
                           "Use shell, javascript or python, or `mcp: COMMAND`." +
                               did_you_mean(language, known));
        shown += language;
        config.programs.insert(language);
    }
    config.settings.push_back(
        {"programs", shown, "resolute.yaml:" + std::to_string(node.line), false});
}

void read_groups(Config& config, Node const& node, Problems& problems) {
    if (!workflow::expect(node, Node::Kind::map, "`groups`", problems)) return;
    for (auto const& member : node.members) {
        auto& people = config.groups[member.key];
        if (!workflow::expect(member.value, Node::Kind::list, "the group `" + member.key + "`",
                              problems))
            continue;
        std::string shown;
        for (auto const& item : member.value.items) {
            people.push_back(workflow::read_text(item, "a person", problems).value_or(""));
            shown += (shown.empty() ? "" : ", ") + people.back();
        }
        config.settings.push_back(
            {"groups." + member.key, shown, "resolute.yaml:" + std::to_string(member.line), false});
    }
}

void read_flags_for_models(Config& config, Flags const& flags) {
    if (flags.model_url.empty()) return;
    config.models.clear();
    std::erase_if(config.settings,
                  [](Setting const& setting) { return setting.name.starts_with("models."); });
    config.models["*"] = {"openai",
                          flags.model_url,
                          flags.model.empty() ? "default" : flags.model,
                          flags.model_key,
                          {}};
    config.settings.push_back({"models.*", "openai " + flags.model_url, "flag --model-url", false});
}

std::optional<std::string> read_file(std::filesystem::path const& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void fill(Config& config, Flags const& flags, Problems& problems, Fields* file) {
    Settings settings(config, problems, file);
    config.database = settings.choose("database", "--database", flags.database,
                                      "RESOLUTE_DATABASE_URL", "", true);
    read_listen(
        config,
        settings.choose("listen", "--listen", flags.listen, "RESOLUTE_LISTEN", "127.0.0.1:8700"),
        problems);
    config.log_level = settings.choose("log", "--log", flags.log_level, "RESOLUTE_LOG", "info");
    char host[256] = "resolute";
    gethostname(host, sizeof host - 1);
    config.name = settings.choose("name", "--name", flags.name, "RESOLUTE_NAME",
                                  std::string(host) + ":" + std::to_string(getpid()));
    auto const committers =
        settings.choose("committers", "", "", "", std::to_string(shell::usual_committers()));
    std::from_chars(committers.data(), committers.data() + committers.size(), config.committers);
    if (config.committers < 1 || config.committers > 32)
        problems.error(workflow::Place{}, codes::invalid_setting,
                       "`committers` must be between 1 and 32.",
                       "One for every two cores is right where the database shares them.");
    auto const lease = parse_duration(settings.choose("lease", "", "", "RESOLUTE_LEASE", "PT10S"));
    if (!lease || *lease < std::chrono::milliseconds(500))
        problems.error(workflow::Place{}, codes::invalid_setting,
                       "`lease` must be a duration of half a second or more.",
                       "Write it as PT10S.");
    else
        config.lease = *lease;
}

}  // namespace

std::map<std::string, std::string> const& environment() {
    static auto const read = [] {
        std::map<std::string, std::string> all;
        for (char** entry = environ; *entry; ++entry) {
            std::string_view const text(*entry);
            auto const equals = text.find('=');
            if (equals != std::string_view::npos)
                all.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
        return all;
    }();
    return read;
}

std::optional<std::string> environment_value(std::string const& name) {
    auto const found = environment().find(name);
    if (found == environment().end() || found->second.empty()) return std::nullopt;
    return found->second;
}

std::vector<std::string> groups_of(Config const& config, std::string const& person) {
    std::vector<std::string> groups;
    for (auto const& [group, people] : config.groups)
        if (std::ranges::find(people, person) != people.end() ||
            std::ranges::find(people, "*") != people.end())
            groups.push_back(group);
    return groups;
}

Result<Config> read_config(Flags const& flags) {
    Config config;
    config.project = !flags.project.empty() ? flags.project
                                            : environment_value("RESOLUTE_PROJECT").value_or(".");
    auto const path = std::filesystem::path(config.project) / "resolute.yaml";
    Problems problems(path.string());
    auto const text = read_file(path);
    if (!text) {
        fill(config, flags, problems, nullptr);
    } else {
        auto const root = workflow::read_yaml(*text, path.string());
        if (!root) return root.diagnostics();
        Fields fields(*root, "resolute.yaml", problems);
        fields.text("project");
        fill(config, flags, problems, &fields);
        if (auto const* models = fields.find("models")) read_models(config, *models, problems);
        if (auto const* groups = fields.find("groups")) read_groups(config, *groups, problems);
        if (auto const* variables = fields.find("variables"))
            read_variables(config, *variables, problems);
        if (auto const* secrets = fields.find("secrets")) read_secrets(config, *secrets, problems);
        if (auto const* egress = fields.find("egress")) read_egress(config, *egress, problems);
        if (auto const* programs = fields.find("programs"))
            read_programs(config, *programs, problems);
        if (auto const* webhooks = fields.find("webhooks"))
            read_webhooks(config, *webhooks, problems);
        fields.finish();
    }
    for (auto const& [name, value] : environment()) config.variables.try_emplace(name, value);
    read_flags_for_models(config, flags);
    if (problems.has_errors()) return problems.in_order();
    return config;
}

}  // namespace resolute::cli
