#include "console/api.h"

#include <algorithm>

#include "base/limits.h"
#include "base/log.h"
#include "console/answers.h"
#include "console/openapi.h"
#include "engine/corrupt_history.h"

namespace resolute::console {
namespace {

bool fits(std::vector<std::string> const& pattern, std::vector<std::string> const& path,
          std::vector<std::string>& parameters) {
    if (pattern.size() != path.size()) return false;
    parameters.clear();
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (pattern[i].starts_with('{'))
            parameters.push_back(path[i]);
        else if (pattern[i] != path[i])
            return false;
    }
    return true;
}

// A browser that was sent here by another site must not decide anything: its Origin gives it away.
bool is_foreign(net::ServerRequest const& request) {
    if (auto const site = request.header("Sec-Fetch-Site");
        site && *site != "same-origin" && *site != "none")
        return true;
    auto const origin = request.header("Origin");
    auto const host = request.header("Host");
    return origin && host && *origin != "http://" + std::string(*host) &&
           *origin != "https://" + std::string(*host);
}

// A form of another site can send text, but not this type without being asked first.
bool is_json(net::ServerRequest const& request) {
    auto const type = request.header("Content-Type");
    return type && (type->starts_with("application/json") ||
                    type->starts_with("application/cloudevents+json"));
}

// Whoever asks for a name of ours that is not this machine was sent here by a rebound DNS name.
bool is_rebound(net::ServerRequest const& request) {
    auto const host = request.header("Host");
    if (!host) return true;
    auto name = host->substr(0, host->starts_with('[') ? host->find(']') + 1 : host->find(':'));
    return name != "127.0.0.1" && name != "localhost" && name != "[::1]";
}

}  // namespace

std::vector<Api::Entry> const& Api::table() {
    static std::vector<Entry> const entries{
        {{"GET", {"api", "v1", "status"}}, &Api::status},
        {{"GET", {"api", "v1", "runs"}}, &Api::list_runs},
        {{"POST", {"api", "v1", "runs"}}, &Api::start_run},
        {{"GET", {"api", "v1", "runs", "{id}"}}, &Api::get_run},
        {{"GET", {"api", "v1", "runs", "{id}", "history"}}, &Api::get_history},
        {{"POST", {"api", "v1", "runs", "{id}", "cancel"}}, &Api::cancel_run},
        {{"POST", {"api", "v1", "runs", "{id}", "pause"}}, &Api::pause_run},
        {{"POST", {"api", "v1", "runs", "{id}", "resume"}}, &Api::resume_run},
        {{"POST", {"api", "v1", "runs", "{id}", "fork"}}, &Api::fork_run},
        {{"POST", {"api", "v1", "runs", "{id}", "replay"}}, &Api::replay_run},
        {{"POST", {"api", "v1", "migrations"}}, &Api::migrate_runs},
        {{"POST", {"api", "v1", "runs", "{id}", "signals"}}, &Api::signal_run},
        {{"POST", {"api", "v1", "events"}}, &Api::post_event},
        {{"GET", {"api", "v1", "schedules"}}, &Api::list_schedules},
        {{"GET", {"api", "v1", "schedules", "{id}"}}, &Api::get_schedule},
        {{"POST", {"api", "v1", "schedules", "{id}", "pause"}}, &Api::pause_schedule},
        {{"POST", {"api", "v1", "schedules", "{id}", "resume"}}, &Api::resume_schedule},
        {{"POST", {"api", "v1", "schedules", "{id}", "trigger"}}, &Api::trigger_schedule},
        {{"POST", {"api", "v1", "schedules", "{id}", "backfill"}}, &Api::backfill_schedule},
        {{"GET", {"api", "v1", "approvals"}}, &Api::list_approvals},
        {{"GET", {"api", "v1", "approvals", "{id}"}}, &Api::get_approval},
        {{"POST", {"api", "v1", "approvals", "{id}", "decisions"}}, &Api::decide},
        {{"GET", {"api", "v1", "stream"}}, &Api::stream},
        {{"GET", {"api", "v1", "openapi.json"}}, &Api::description},
        {{"GET", {"healthz"}}, &Api::health},
        {{"GET", {"readyz"}}, &Api::ready},
        {{"GET", {"metrics"}}, &Api::metrics}};
    return entries;
}

std::vector<Route> Api::routes() {
    std::vector<Route> routes;
    for (auto const& entry : table()) routes.push_back(entry.route);
    return routes;
}

Api::Api(Surface surface, std::shared_ptr<ChangeStream> changes, int threads)
    : surface_(std::move(surface)), changes_(std::move(changes)) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Api::~Api() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void Api::work() {
    while (true) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || !queue_.empty() || !follow_ups_.empty(); });
        if (stopping_) return;
        auto& queue = follow_ups_.empty() ? queue_ : follow_ups_;
        auto const job = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        job();
    }
}

void Api::handle(net::ServerRequest request, net::Responder responder) {
    {
        std::lock_guard lock(mutex_);
        if (queue_.size() >= limits::api_backlog || stopping_) {
            ApiProblem const overloaded{503,
                                        "overloaded",
                                        "Too much at once",
                                        "More requests are waiting than are taken on.",
                                        "Try again in a moment.",
                                        {}};
            return responder.respond(answer(overloaded));
        }
        queue_.push_back(
            [this, request = std::move(request), responder] { dispatch(request, responder); });
    }
    changed_.notify_one();
}

void Api::dispatch(net::ServerRequest const& request, net::Responder const& responder) {
    if (is_rebound(request))
        return responder.respond(
            answer(ApiProblem{403,
                              "foreign_host",
                              "Not for this host",
                              "This server answers on its loopback names only.",
                              {},
                              {}}));
    if (request.method == "POST" && (is_foreign(request) || !is_json(request)))
        return responder.respond(answer(ApiProblem{403,
                                                   "foreign_origin",
                                                   "Not from another site",
                                                   "Requests that change something must come from "
                                                   "the console itself, as application/json.",
                                                   {},
                                                   {}}));
    bool known_path = false;
    std::vector<std::string> parameters;
    for (auto const& entry : table()) {
        if (!fits(entry.route.path, request.segments, parameters)) continue;
        known_path = true;
        if (entry.route.method != request.method) continue;
        try {
            return (this->*entry.handler)(request, parameters, responder);
        } catch (StoreUnavailable const& error) {
            return responder.respond(answer(ApiProblem{503,
                                                       "store_unavailable",
                                                       "The database cannot be reached",
                                                       error.what(),
                                                       "It is tried again by itself.",
                                                       {}}));
        } catch (CorruptHistory const& error) {
            log::error("path=" + request.path + " " + error.what());
            return responder.respond(answer(
                ApiProblem{500,
                           "corrupt_history",
                           "The history cannot be read",
                           error.what(),
                           "Its rows in `event` or `blob` were altered: compare with a backup.",
                           {}}));
        } catch (std::exception const& error) {
            log::error("path=" + request.path + " " + error.what());
            return responder.respond(answer(ApiProblem{
                500, "internal_error", "Something went wrong here", "It was logged.", {}, {}}));
        }
    }
    auto const what = request.method + " " + request.path;
    if (known_path)
        return responder.respond(answer(ApiProblem{
            405, "method_not_allowed", "Not with this method", what + " is not served.", {}, {}}));
    responder.respond(answer(not_found(what)));
}

MessageId Api::message_id() {
    thread_local auto random = system_random();
    return MessageId::make(surface_.clock.now(), *random);
}

void Api::follow_up(std::function<void()> job) {
    {
        std::lock_guard lock(mutex_);
        follow_ups_.push_back(std::move(job));
    }
    changed_.notify_one();
}

// The reply comes on the thread on which all runs live: it must not read a database there.
void Api::submit(Message message, net::Responder const& responder, Answers answers) {
    auto done = [this, responder, answers = std::move(answers)](Reply reply) {
        if (auto const* refused = std::get_if<Refused>(&reply))
            return responder.respond(answer(problem_of(refused->why)));
        auto const* committed = std::get_if<Accepted>(&reply);
        auto taken = committed ? *committed : Accepted{std::get<AlreadyExists>(reply).run};
        if (auto response = answers.at_once(taken)) return responder.respond(*std::move(response));
        follow_up([responder, answers, taken = std::move(taken)] {
            net::Response response;
            try {
                response = answers.read(taken);
            } catch (std::exception const& error) {
                log::warn(std::string("taken, but it cannot be shown: ") + error.what());
                response = answers.taken(taken);
            }
            responder.respond(std::move(response));
        });
    };
    surface_.engine.submit(std::move(message), std::move(done));
}

void Api::stream(net::ServerRequest const& request, Parameters const&,
                 net::Responder const& responder) {
    changes_->attach(request, responder);
}

void Api::description(net::ServerRequest const&, Parameters const&,
                      net::Responder const& responder) {
    responder.respond({200, {{"Content-Type", "application/json"}}, std::string(openapi_json)});
}

}  // namespace resolute::console
