#include "cli/definitions.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/store/postgres_schedules.h"
#include "tools/contract_reader.h"
#include "workflow/load.h"
#include "workflow/schedule.h"

namespace resolute::cli {
namespace {

constexpr char const* kinds[] = {"workflow", "tool", "server", "policy"};

// What the publication of this source means for the schedule of its workflow.
std::optional<SchedulePlan> plan_of(Source const& source) {
    if (source.kind != "workflow") return std::nullopt;
    auto const definition = workflow::load(source.text, source.file).value();
    SchedulePlan plan{schedule_of("default", source.name)};
    if (!definition->schedule) return plan;
    plan.is_scheduled = true;
    plan.event_types = definition->schedule->event_types();
    return plan;
}

}  // namespace

console::Schedules open_schedules(std::string const& database, Library& library,
                                  Clock const& clock) {
    return {std::make_unique<store::PostgresSchedules>(database),
            [&library](Digest const& digest) { return library.workflow(digest); }, clock};
}

console::Versions versions_of(store::ReadModel& reads, Library& library) {
    return {reads,
            {[&library](std::string const& name, std::string const& version) {
                 return library.published(name, version);
             },
             [&library](Digest const& digest) { return library.is_code(digest); }}};
}

Digest digest_of(Source const& source) { return sha256(source.text); }

CompileOptions compile_options(Config const& config) {
    CompileOptions options{
        .environment = config.variables, .models = {}, .retired = {}, .functions = {}};
    for (auto const& [name, model] : config.models) options.models.insert(name);
    options.programs = config.programs;
    options.reach = {config.secrets, config.egress, config.servers};
    return options;
}

void Library::publish(std::vector<Source> const& sources, Extent extent, std::string const& by,
                      Timestamp at) {
    for (auto const& source : sources) {
        store_.publish(
            {source.kind, source.name, source.version, digest_of(source), source.text, at, by});
        store_.deploy({source.kind, source.name, digest_of(source), at, by, plan_of(source)});
    }
    if (extent != Extent::whole) return;
    for (char const* kind : kinds)
        for (auto const& old : store_.current(kind)) {
            auto const stays = [&](Source const& source) {
                return source.kind == kind && source.name == old.name;
            };
            if (std::ranges::none_of(sources, stays)) store_.withdraw(kind, old.name);
        }
}

std::vector<Source> Library::in_force() {
    std::vector<Source> sources;
    for (char const* kind : kinds)
        for (auto const& definition : store_.current(kind))
            sources.push_back({kind,
                               kind + std::string(":") + definition.name + "@" + definition.version,
                               definition.body, definition.name, definition.version});
    return sources;
}

std::vector<tools::Contract> Library::retired(std::vector<Source> const& current,
                                              tools::Environment const& environment) {
    std::vector<tools::Contract> contracts;
    for (auto const& source : current) {
        if (source.kind != "tool") continue;
        for (auto const& version : store_.versions("tool", source.name)) {
            if (version.digest == digest_of(source)) continue;
            if (auto contract = tools::read_contract(version.body, source.file, environment))
                contracts.push_back(*std::move(contract));
        }
    }
    return contracts;
}

std::shared_ptr<workflow::Definition const> Library::workflow(Digest const& digest) {
    {
        std::lock_guard lock(mutex_);
        if (auto const found = loaded_.find(digest); found != loaded_.end()) return found->second;
    }
    auto const stored = store_.find("workflow", digest);
    auto const code = stored ? std::nullopt : store_.find("code", digest);
    if (code)
        throw std::runtime_error("the workflow " + code->name + " " + code->version +
                                 " is code that this process does not have");
    if (!stored)
        throw std::runtime_error("the workflow with the digest " + short_form(digest) +
                                 " is not stored");
    auto definition = workflow::load(stored->body, stored->name + "@" + stored->version);
    if (!definition)
        throw std::runtime_error("a stored workflow cannot be used: " +
                                 to_string(definition.diagnostics()));
    std::lock_guard lock(mutex_);
    return loaded_.try_emplace(digest, *std::move(definition)).first->second;
}

std::shared_ptr<workflow::Definition const> Library::workflow(std::string const& name,
                                                              std::string const& version) {
    if (version.empty()) {
        auto const current = store_.current("workflow", name);
        return current ? workflow(current->digest) : nullptr;
    }
    for (auto const& stored : store_.versions("workflow", name))
        if (stored.version == version) return workflow(stored.digest);
    return nullptr;
}

std::shared_ptr<workflow::Definition const> Library::published(
    std::string const& name, std::string const& version_or_digest) {
    auto const all = store_.versions("workflow", name);
    for (auto const& stored : all)
        if (stored.version == version_or_digest) return workflow(stored.digest);
    if (version_or_digest.size() < limits::digest_prefix) return nullptr;
    for (auto const& stored : all)
        if (to_string(stored.digest).starts_with(version_or_digest)) return workflow(stored.digest);
    return nullptr;
}

std::vector<std::string> Library::workflow_names() {
    std::vector<std::string> names;
    for (char const* kind : {"workflow", "code"})
        for (auto const& definition : store_.current(kind)) names.push_back(definition.name);
    return names;
}

void Library::publish(sdk::Workflows const& code, std::string const& by, Timestamp at) {
    for (auto const& one : code.all()) {
        auto const& ref = one->ref;
        store_.publish(
            {"code", ref.name, ref.version, ref.digest, to_text(one->declaration()), at, by});
        store_.deploy({"code", ref.name, ref.digest, at, by});
    }
}

namespace {

Startable startable_code(store::Definition const& stored) {
    auto const declaration = Json::parse(stored.body);
    return {{stored.name, stored.version, stored.digest},
            JsonSchema::compile(declaration.at("input")).value()};
}

}  // namespace

std::optional<Startable> Library::startable(std::string const& name, std::string const& version) {
    if (auto const definition = workflow(name, version))
        return Startable{definition->ref, definition->input.schema};
    if (version.empty()) {
        auto const current = store_.current("code", name);
        return current ? std::optional(startable_code(*current)) : std::nullopt;
    }
    for (auto const& stored : store_.versions("code", name))
        if (stored.version == version) return startable_code(stored);
    return std::nullopt;
}

bool Library::is_code(Digest const& digest) {
    {
        std::lock_guard lock(mutex_);
        if (code_.contains(digest)) return true;
        if (loaded_.contains(digest)) return false;
    }
    if (!store_.find("code", digest)) return false;
    std::lock_guard lock(mutex_);
    code_.insert(digest);
    return true;
}

}  // namespace resolute::cli
