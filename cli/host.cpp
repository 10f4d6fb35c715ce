#include "cli/host.h"

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <future>

#include "base/log.h"
#include "base/spelling.h"
#include "cli/version.h"
#include "engine/store/postgres_membership.h"
#include "engine/store/postgres_schedules.h"
#include "engine/store/postgres_store.h"
#include "engine/store/quarantine.h"
#include "engine/store/upkeep.h"
#include "inference/openai_backend.h"
#include "inference/scripted_backend.h"
#include "workflow/firing.h"
#include "workflow/interpreter.h"

namespace resolute::cli {
namespace {

std::shared_ptr<inference::Backend> make_backend(Config const& config, ModelSetting const& model,
                                                 net::HttpClient& http) {
    if (model.backend == "openai") {
        auto const key =
            model.key_name.empty() ? std::string() : environment_value(model.key_name).value_or("");
        if (!model.key_name.empty() && key.empty())
            log::warn("the variable " + model.key_name + " with the key of a model is not set");
        return std::make_shared<inference::OpenAiBackend>(
            http, inference::OpenAiOptions{net::parse_url(model.url).value(), model.model, key});
    }
    auto const path = (std::filesystem::path(config.project) / model.script).string();
    auto const script = parse_json(read_text_file(path).value(), path).value();
    return std::make_shared<inference::ScriptedBackend>(
        inference::ScriptedBackend::read(script, path).value());
}

// The kinds of steps by their place in workflow::Step's variant.
std::string kind_name(workflow::Step const& step) {
    bool const asks = std::holds_alternative<workflow::Ask>(step.what);
    return asks ? "approval" : std::string(workflow::kind_of(step));
}

}  // namespace

Host::Host(Config const& config, std::string const& database, HostOptions options)
    : config_(config),
      url_(database),
      options_(std::move(options)),
      http_(runtime_),
      mcp_(runtime_),
      library_(database),
      reads_(database),
      inbox_(database),
      lifecycle_([this](auto const& ref, auto const& step) { return kind_of(ref, step); }),
      schedules_(open_schedules(database, library_, clock_)),
      versions_(versions_of(reads_, library_)) {
    for (auto const& [name, model] : config.models) {
        backends_[name] = make_backend(config, model, http_);
        models_.push_back({name, backends_[name]->label(), backends_[name]->is_scripted()});
    }
    tools_ = std::make_unique<tools::ToolHandler>(load_deployment(),
                                                  tools::Roads{clock_, &runtime_, &http_, &mcp_});
    policy_ = std::make_unique<tools::PolicyHandler>(*tools_);
    model_handler_ = std::make_unique<inference::ModelHandler>(backends_, clock_);
    memory_ = std::make_unique<memory::MemoryHandler>(
        [this] { return store::Connection({.url = url_, .application = "resolute memory"}); },
        clock_);
    cases_ = std::make_unique<memory::CaseHandler>(
        [this] { return store::Connection({.url = url_, .application = "resolute cases"}); },
        clock_);
    hear_for_webhooks();
    for (auto* runtime : {&front_, &runtime_}) runtime->start();
    Handlers handlers{{"tool", tools_.get()},
                      {"policy", policy_.get()},
                      {"model", model_handler_.get()},
                      {"memory", memory_.get()},
                      {"case", cases_.get()}};
    if (options_.activities) handlers["activity"] = options_.activities;
    if (options_.code) library_.publish(*options_.code, config.name, clock_.now());
    auto definitions = [this](Digest const& digest) -> std::unique_ptr<Orchestrator const> {
        if (options_.code)
            if (auto code = options_.code->orchestrator(digest)) return code;
        auto definition = library_.workflow(digest);
        lifecycle_.hear(*definition);
        return std::make_unique<workflow::Interpreter>(std::move(definition));
    };
    shell::EngineOptions engine{
        .name = config.name,
        .committers = config.committers,
        .keeper = {.lease = config.lease},
        .resolve =
            [this](std::string const& name, std::string const& version) {
                auto const startable = library_.startable(name, version);
                if (startable) return startable->ref;
                throw std::runtime_error("No workflow `" + name + "`" +
                                         (version.empty() ? "" : " in version " + version) +
                                         " is deployed.");
            },
        .watch = [this](Run const& run, Append& append) { lifecycle_.tell(run, append); }};
    engine_ = std::make_unique<shell::Engine>(engine, this->database(), std::move(handlers),
                                              definitions, clock_);
    // The console first: a port that is taken should be known before any run is touched.
    if (options_.console) {
        console_ = std::make_unique<console::Server>(front_, surface(), config.host, config.port);
        engine_->on_commit(
            [this](std::vector<Append> const& appends) { console_->committed(appends); });
    }
    engine_->start();
    if (options_.code) bring_back(*options_.code);
    scheduler_ = std::make_unique<shell::Scheduler>(around_schedules());
    upkeep_ = std::jthread([this](std::stop_token stopping) { keep_up(std::move(stopping)); });
    start_courier();
    notifications_ = std::make_unique<shell::Notifications>(
        url_, std::map<std::string, std::function<void()>>{
                  {store::inbox_channel,
                   [this] {
                       engine_->poke();
                       if (courier_) courier_->poke();
                   }},
                  {store::schedules_channel, [this] { scheduler_->poke(); }},
                  {store::members_channel, [this] { engine_->members_changed(); }},
                  {store::changes_channel, [this] { reload(); }}});
}

Host::~Host() { stop(); }

// Runs that were set aside because nobody had their code.
void Host::bring_back(sdk::Workflows const& code) {
    for (auto const& one : code.all())
        for (auto const& run : store::release_of_definition(url_, one->ref.digest, clock_.now()))
            log::info("run=" + to_string(run) + " goes on: this process has its code");
}

// Which lifecycle events are made for receivers outside.
void Host::hear_for_webhooks() {
    std::set<std::string> types;
    for (auto const& type : workflow::all_lifecycle_types())
        for (auto const& one : config_.subscriptions)
            if (webhooks::wants(one, type)) types.insert(type);
    lifecycle_.hear(types);
}

void Host::start_courier() {
    if (config_.subscriptions.empty()) return;
    courier_ = std::make_unique<webhooks::Courier>(
        webhooks::Courier::Surroundings{.store = std::make_unique<store::Webhooks>(url_),
                                        .http = http_,
                                        .clock = clock_,
                                        .subscriptions = config_.subscriptions});
}

void Host::keep_up(std::stop_token stopping) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    do {
        try {
            store::upkeep(url_);
        } catch (std::exception const& error) {
            log::warn(std::string("the database's chores are put off: ") + error.what());
        }
    } while (!never.wait_for(lock, stopping, std::chrono::hours(1), [] { return false; }) &&
             !stopping.stop_requested());
}

void Host::stop() {
    if (std::exchange(stopped_, true)) return;
    notifications_.reset();
    upkeep_ = {};
    scheduler_.reset();
    courier_.reset();
    if (console_) console_->stop();
    if (engine_) engine_->stop();
    front_.stop();
    runtime_.stop();
}

shell::Database Host::database() {
    return {.store = [this](MemberId member, int writer) -> std::unique_ptr<EventStore> {
                return std::make_unique<store::PostgresStore>(
                    store::PostgresStoreOptions{.url = url_, .member = member, .writer = writer});
            },
            .membership = std::make_unique<store::PostgresMembership>(url_),
            .post = [this](Message const& message) { inbox_.post(message); }};
}

shell::Scheduler::Surroundings Host::around_schedules() {
    return {.store = std::make_unique<store::PostgresSchedules>(url_),
            .clock = clock_,
            .member = [this] { return engine_->member(); },
            .shards = [this] { return engine_->owned_shards(); },
            .decide =
                [this](ScheduleRow const& row, ScheduleSituation const& situation) {
                    return workflow::fire(row, *library_.workflow(row.workflow.digest), situation);
                }};
}

tools::Deployment Host::load_deployment() {
    auto sources = library_.in_force();
    auto options = compile_options(config_);
    options.retired = library_.retired(sources, config_.variables);
    auto compiled = compile(std::move(sources), options);
    auto identify = [this](std::string const& model) -> approvals::ModelIdentity {
        auto found = backends_.find(model);
        if (found == backends_.end()) found = backends_.find("*");
        if (found == backends_.end()) return {model, false};
        return {found->second->label(), found->second->is_scripted()};
    };
    auto const ready = std::move(compiled).value();
    for (auto const& definition : ready.workflows) lifecycle_.hear(*definition);
    mcp_.keep_only(ready.registry->servers());
    return {ready.registry, ready.policies, identify};
}

void Host::reload() {
    try {
        tools_->deploy(load_deployment());
    } catch (std::exception const& error) {
        log::error(std::string("what was deployed cannot be used, the old stays in force: ") +
                   error.what());
    }
}

std::variant<WorkflowRef, console::ApiProblem> Host::prepare_start(std::string const& name,
                                                                   std::string const& version,
                                                                   Json const& input) {
    auto const startable = library_.startable(name, version);
    if (!startable) {
        auto const what =
            "`" + name + "`" + (version.empty() ? std::string() : " in version " + version);
        return console::ApiProblem{404,
                                   "unknown_workflow",
                                   "No such workflow",
                                   "No workflow " + what + " is deployed.",
                                   did_you_mean(name, library_.workflow_names()),
                                   {}};
    }
    if (startable->input) {
        auto const violations = startable->input->validate(input);
        Diagnostics errors;
        for (auto const& violation : violations)
            errors.push_back({.code = "schema_violation",
                              .message = violation.message,
                              .pointer = "/input" + violation.pointer});
        if (!errors.empty())
            return console::ApiProblem{422,
                                       "schema_violation",
                                       "The input does not fit the workflow",
                                       to_string(violations),
                                       {},
                                       errors};
    }
    return startable->ref;
}

std::string Host::kind_of(WorkflowRef const& ref, StepId const& step) {
    if (library_.is_code(ref.digest)) return {};
    auto const definition = library_.workflow(ref.digest);
    auto const* found = definition->find(node_of(step));
    return found ? kind_name(*found) : std::string();
}

console::Surface Host::surface() {
    return {
        .engine = *engine_,
        .reads = reads_,
        .clock = clock_,
        .version = version,
        .mode = options_.mode,
        .models = models_,
        .assets = options_.assets,
        .prepare_start = [this](std::string const& name, std::string const& wanted,
                                Json const& input) { return prepare_start(name, wanted, input); },
        .kind_of = [this](WorkflowRef const& ref,
                          StepId const& step) { return kind_of(ref, step); },
        .groups_of = [this](std::string const& person) { return groups_of(config_, person); },
        .post_event =
            [this](Json const& event) { return inbox_.post_event(console::tenant, event); },
        .schedules = &schedules_,
        .versions = &versions_};
}

void Host::wait_for_signal() {
    std::promise<int> stopped;
    auto future = stopped.get_future();
    runtime_.on_signal({SIGINT, SIGTERM}, [&](int signal) { stopped.set_value(signal); });
    future.wait();
}

}  // namespace resolute::cli
