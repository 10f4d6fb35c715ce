#include "bench/stand.h"

#include <future>
#include <stdexcept>

#include "engine/store/postgres_membership.h"
#include "engine/store/postgres_store.h"
#include "tools/contract_reader.h"
#include "workflow/load.h"

namespace resolute::bench {
namespace {

constexpr char policy_text[] = R"(policy: bench
version: 1.0.0
rules:
  - name: moves
    title: The benchmark may move what is its own
    tools: [bench.move]
    decide: permit
)";

std::string head_of(std::string const& name) {
    return "document: { dsl: 1.0.3, namespace: bench, name: " + name + ", version: 1.0.0 }\ndo:\n";
}

std::string workflow_text(std::string const& name, Effect effect, int steps) {
    auto text = head_of(name);
    auto const tool = effect == Effect::read ? "bench.look" : "bench.move";
    for (int step = 1; step <= steps; ++step)
        text += "  - step" + std::to_string(step) + ": { call: tool, with: { tool: " + tool +
                ", arguments: { turn: '${ .turn }' } } }\n";
    return text;
}

tools::Function function(std::string name, Effect effect, std::atomic<std::uint64_t>& calls) {
    auto const turn = Json{{"type", "object"},
                           {"required", {"turn"}},
                           {"properties", {{"turn", {{"type", "integer"}}}}}};
    auto call = [&calls](Json const& arguments, std::string const&) {
        ++calls;
        return Json{{"turn", arguments.at("turn").get<int>() + 1}};
    };
    return {.name = std::move(name), .effect = effect, .input = turn, .output = turn, .call = call};
}

}  // namespace

Stand::Stand(std::string const& url, int committers, Extras extras)
    : url_(url),
      extras_(std::move(extras)),
      client_(outside_),
      http_(runtime_),
      reads_(url),
      inbox_(url) {
    tools_ = std::make_unique<tools::ToolHandler>(
        deployment(), tools::Roads{.clock = clock_, .runtime = &runtime_, .http = &http_});
    front_.start();
    runtime_.start();
    outside_.start();
    auto definitions = [this](Digest const& digest) {
        for (auto const& [name, definition] : workflows_)
            if (definition->ref.digest == digest)
                return std::make_unique<workflow::Interpreter>(definition);
        throw std::runtime_error("no such workflow is published");
    };
    auto resolve = [this](std::string const& name, std::string const&) {
        auto const found = workflows_.find(name);
        if (found != workflows_.end()) return found->second->ref;
        throw std::runtime_error("no workflow `" + name + "` is published");
    };
    engine_ = std::make_unique<shell::Engine>(
        shell::EngineOptions{
            .name = "bench", .committers = committers, .keeper = {}, .resolve = resolve},
        database(), Handlers{{"tool", tools_.get()}}, definitions, clock_);
    console_ = std::make_unique<console::Server>(front_, surface(), "127.0.0.1", 0);
    engine_->on_commit([this](std::vector<Append> const& appends) {
        console_->committed(appends);
        watch_.committed(appends);
        if (extras_.committed) extras_.committed(appends);
    });
    engine_->start();
    notifications_ = std::make_unique<shell::Notifications>(
        url_, std::map<std::string, std::function<void()>>{
                  {store::inbox_channel, [this] { engine_->poke(); }}});
}

Stand::~Stand() {
    notifications_.reset();
    console_->stop();
    engine_->stop();
    outside_.stop();
    front_.stop();
    runtime_.stop();
}

tools::Deployment Stand::deployment() {
    tools::Registry::Parts parts;
    parts.functions = {function("bench.look", Effect::read, effects_),
                       function("bench.move", Effect::write, effects_)};
    for (auto const& text : extras_.contracts)
        parts.contracts.push_back(tools::read_contract(text, "bench.yaml", {}).value());
    auto const registry = tools::Registry::make(std::move(parts)).value();
    auto policies =
        policy::Set::compile({{"bench.yaml", policy_text}}, {registry->for_policies(), {}}).value();
    return {registry, std::move(policies), {}};
}

shell::Database Stand::database() {
    return {.store = [this](MemberId member, int writer) -> std::unique_ptr<EventStore> {
                return std::make_unique<store::PostgresStore>(
                    store::PostgresStoreOptions{.url = url_, .member = member, .writer = writer});
            },
            .membership = std::make_unique<store::PostgresMembership>(url_),
            .post = [this](Message const& message) { inbox_.post(message); }};
}

console::Surface Stand::surface() {
    using Prepared = std::variant<WorkflowRef, console::ApiProblem>;
    auto prepare = [this](std::string const& name, std::string const&, Json const&) -> Prepared {
        auto const found = workflows_.find(name);
        if (found != workflows_.end()) return found->second->ref;
        return console::ApiProblem{404, "unknown_workflow", "No such workflow", name, {}, {}};
    };
    return {.engine = *engine_,
            .reads = reads_,
            .clock = clock_,
            .version = "bench",
            .mode = "dev",
            .models = {},
            .assets = {},
            .prepare_start = prepare,
            .kind_of = [](WorkflowRef const&, StepId const&) { return std::string("call"); }};
}

WorkflowRef Stand::publish(std::string const& name, Effect effect, int steps) {
    return publish(name, workflow_text(name, effect, steps));
}

WorkflowRef Stand::publish_loop(std::string const& name) {
    return publish(name, head_of(name) +
                             "  - turns:\n"
                             "      for: { in: '${ .turns }' }\n"
                             "      do:\n"
                             "        - look: { call: tool, with: { tool: bench.look,"
                             " arguments: { turn: '${ $index }' } } }\n"
                             "        - note: { set: { turn: '${ .turn }' } }\n");
}

WorkflowRef Stand::publish_call(std::string const& name, std::string const& tool) {
    return publish(name, head_of(name) + "  - call: { call: tool, with: { tool: " + tool +
                             ", arguments: {} } }\n");
}

WorkflowRef Stand::publish(std::string const& name, std::string const& text) {
    auto definition = workflow::load(text, name + ".yaml").value();
    auto const ref = definition->ref;
    workflows_[ref.name] = std::move(definition);
    return ref;
}

RunId Stand::start(WorkflowRef const& workflow, Json input, std::string tenant) {
    auto const run = engine_->mint_run_id();
    Message message{MessageId::make(clock_.now(), *random_), run,
                    StartRun{workflow, std::move(tenant), "", std::move(input), "bench"}};
    engine_->submit(std::move(message), [this](Reply const& reply) {
        if (auto const* refused = std::get_if<Refused>(&reply))
            watch_.failed("a start was refused: " + refused->why.detail);
    });
    return run;
}

net::Response Stand::send(net::ClientRequest request) {
    auto const what = request.method + " " + request.url.target;
    request.max_response_bytes = 2 * limits::http_response_bytes;
    std::promise<net::Reply> promise;
    client_.send(std::move(request),
                 [&](net::Reply reply) { promise.set_value(std::move(reply)); });
    auto reply = promise.get_future().get();
    auto* response = std::get_if<net::Response>(&reply);
    if (!response) throw std::runtime_error(what + " had no answer");
    return std::move(*response);
}

net::Response Stand::post(std::string const& path, Json const& body) {
    net::ClientRequest request{.method = "POST",
                               .url = net::parse_url(console_->url() + path).value()};
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = to_text(body);
    return send(std::move(request));
}

std::string Stand::get(std::string const& path) {
    auto response = send({.url = net::parse_url(console_->url() + path).value()});
    if (response.status != 200) throw std::runtime_error("GET " + path + ": " + response.body);
    return std::move(response.body);
}

RunId Stand::start_by_http(WorkflowRef const& workflow, Json input) {
    auto const response =
        post("/api/v1/runs", {{"workflow", workflow.name}, {"input", std::move(input)}});
    if (response.status != 201) throw std::runtime_error("POST /api/v1/runs: " + response.body);
    auto const id = parse_json(response.body).value().at("run").at("id").get<std::string>();
    return RunId::parse(id).value();
}

int Stand::signal_by_http(RunId run) {
    return post("/api/v1/runs/" + to_string(run) + "/signals",
                {{"name", "go"}, {"payload", nullptr}, {"by", "bench"}})
        .status;
}

std::uint16_t Stand::port() const { return net::parse_url(console_->url()).value().port; }

}  // namespace resolute::bench
