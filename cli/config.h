// What this process was told: flags before environment before `resolute.yaml` before defaults.
//
// The only place that reads the environment. Every value knows where it came from; `resolute
// config` prints them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "webhooks/subscription.h"

namespace resolute::cli {

struct Setting {
    std::string name;      // as in resolute.yaml: "database"
    std::string value;
    // "flag --database", "environment RESOLUTE_DATABASE_URL", "resolute.yaml:3", "default"
    std::string source;
    bool secret = false;   // printed as "(set)"
};

struct ModelSetting {
    std::string backend;   // openai | scripted
    std::string url;       // of an OpenAI-compatible server, up to /v1
    std::string model;     // as that server calls it
    std::string key_name;  // the environment variable that holds the key; never the key itself
    std::string script;    // file of a scripted backend, relative to the project
};

// What flags said; empty where nothing was said.
struct Flags {
    std::string project;
    std::string database;
    std::string listen;
    std::string model_url;
    std::string model;
    std::string model_key;
    std::string log_level;
    std::string name;
};

struct Config {
    std::string project = ".";          // folder of resolute.yaml, workflows/, tools/, policies/
    std::string database;               // libpq connection string; "" = none configured
    std::string host = "127.0.0.1";
    std::uint16_t port = 8700;
    std::string log_level = "info";
    std::string name;                   // of this process among the members
    int committers = 1;
    Duration lease = std::chrono::seconds(10);
    std::map<std::string, ModelSetting> models;          // by logical name; "*" = every other
    // people by the group that they belong to; "*" stands for everybody
    std::map<std::string, std::vector<std::string>> groups;
    std::map<std::string, std::string> variables;        // for ${NAME} in tools and servers
    std::map<std::string, Json> secrets;                 // for `$secrets` of workflows
    std::vector<std::string> egress;  // hosts that workflows may call; none: all
    std::set<std::string> programs;  // that workflows may bring along: shell, javascript, python
    // MCP servers that workflows may start: the words that their commands begin with.
    std::vector<std::vector<std::string>> servers;
    std::vector<webhooks::Subscription> subscriptions;  // who is sent events
    std::vector<Setting> settings;  // all of the above, for people
};

// The groups that a person belongs to, as far as this configuration knows, sorted.
std::vector<std::string> groups_of(Config const& config, std::string const& person);

// Reads `resolute.yaml` of the project when there is one. Unknown keys are errors.
Result<Config> read_config(Flags const& flags);

// The environment, read once at start: for `${NAME}` in contracts, and keys of models.
std::map<std::string, std::string> const& environment();
std::optional<std::string> environment_value(std::string const& name);

}  // namespace resolute::cli
