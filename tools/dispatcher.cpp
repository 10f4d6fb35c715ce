#include "tools/dispatcher.h"

#include <atomic>

#include "base/failpoint.h"
#include "base/lane.h"
#include "base/limits.h"
#include "tools/agent_call.h"
#include "tools/function_call.h"
#include "tools/http_exchange.h"
#include "tools/mcp_exchange.h"
#include "tools/openapi_call.h"
#include "tools/process_call.h"
#include "tools/program_call.h"
#include "tools/request_call.h"
#include "tools/server_call.h"

namespace resolute::tools {
namespace {

std::int64_t milliseconds(Duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

Answer cannot_be_sent(Failure why) { return {Refused{std::move(why)}, {{"sent", false}}}; }

// Not its turn: it waits in the store and uses up no attempt.
Answer postponed(Failure why, Duration wait = std::chrono::seconds(limits::tool_busy_retry_s)) {
    return {Refused{std::move(why), true, wait, true}, {{"sent", false}}};
}

Answer too_late(Contract const& contract) {
    return postponed(timeout_failure(
        "`" + contract.name + "` was not called: its deadline had passed before it could be sent.",
        codes::past_deadline));
}

Answer not_ours(Contract const& contract) {
    return postponed(communication_failure(
        "`" + contract.name +
            "` was not called: this process could not renew its lease, so another one may work on "
            "the run by now.",
        codes::not_sent));
}

Answer paused(Contract const& contract, Duration wait) {
    return postponed(communication_failure(
                         "`" + contract.name +
                             "` was not called: it did not answer lately and is left alone for " +
                             std::to_string(milliseconds(wait)) + " ms more.",
                         codes::tool_paused),
                     wait);
}

Answer crowded(Contract const& contract, std::size_t places, std::size_t waiting) {
    return postponed(communication_failure(
        "`" + contract.name + "` was not called: " + std::to_string(places) +
            " calls of it may be under way at a time, and " + std::to_string(waiting) + " wait.",
        codes::tool_busy));
}

Answer too_fast(Contract const& contract, Duration wait) {
    return postponed(
        communication_failure("`" + contract.name +
                                  "` was not called: its rate allows the next call in " +
                                  std::to_string(milliseconds(wait)) + " ms.",
                              codes::tool_busy),
        wait);
}

std::size_t places_of(Contract const& contract) {
    if (contract.concurrency != 0) return contract.concurrency;
    if (std::holds_alternative<FunctionCall>(contract.call)) return 0;
    if (std::holds_alternative<ProcessCall>(contract.call) ||
        std::holds_alternative<ProgramCall>(contract.call) ||
        std::holds_alternative<ServerCall>(contract.call))
        return limits::tool_programs;
    return limits::tool_places;
}

Answer no_road(Contract const& contract, char const* road) {
    return cannot_be_sent(configuration_failure("`" + contract.name + "` is reached through " +
                                                    road +
                                                    ", which this process was started without.",
                                                codes::not_sent));
}

void call_http(Roads const& roads, Sending const& sending, HttpCall const& call,
               OnAnswer const& done) {
    auto request = http_request(call, sending.arguments.json(), sending.key);
    if (!request)
        return done(cannot_be_sent(validation_failure(
            "`" + sending.contract->name +
                "` cannot be called like this: " + to_string(request.diagnostics()),
            codes::schema_violation)));
    request->max_response_bytes = limits::tool_answer_bytes;
    request->timeout = sending.deadline - roads.clock.now();
    if (request->timeout.count() <= 0) return done(too_late(*sending.contract));
    auto const* clock = &roads.clock;
    request->may_send = [clock, deadline = sending.deadline, lease = sending.lease] {
        return clock->now() < deadline && may_send(lease);
    };
    roads.http->send(std::move(*request), [sending, &call, clock, done](net::Reply const& reply) {
        done(guarded(*sending.contract,
                     [&] { return http_answer(*sending.contract, call, reply, clock->now()); }));
    });
}

}  // namespace

struct Dispatcher::Site {
    explicit Site(Contract const& contract)
        : places(places_of(contract)),
          lane(places, limits::tool_queue),
          breaker(contract.breaker),
          pace(contract.rate) {}

    std::size_t const places;
    Lane lane;
    std::mutex mutex;
    Breaker breaker;  // guarded by mutex
    Pace pace;  // guarded by mutex
};

std::shared_ptr<Dispatcher::Site> Dispatcher::site_of(Contract const& contract) {
    std::lock_guard const lock(mutex_);
    auto& site = sites_[contract.digest];
    if (!site) site = std::make_shared<Site>(contract);
    return site;
}

void Dispatcher::dispatch(Sending sending, OnAnswer done) {
    // Nothing of this process is ever out of reach; requests of workflows go to many systems, and
    // the client bounds what waits for each.
    bool const is_free = std::holds_alternative<FunctionCall>(sending.contract->call) ||
                         std::holds_alternative<RequestCall>(sending.contract->call) ||
                         std::holds_alternative<OperationCall>(sending.contract->call) ||
                         std::holds_alternative<AgentCall>(sending.contract->call) ||
                         std::holds_alternative<CardCall>(sending.contract->call);
    if (is_free && sending.contract->concurrency == 0 && !sending.contract->rate)
        return send(sending, std::move(done));
    auto const site = site_of(*sending.contract);
    auto const call = std::make_shared<Sending const>(std::move(sending));
    auto turn_away = [site, call, done] {
        done(crowded(*call->contract, site->places, site->lane.waiting()));
    };
    // A call that begins late has no time left to be answered, and a write would then be unknown:
    // rather than that it waits for another turn.
    auto const now = roads_.clock.monotonic();
    auto const patience = std::max(Duration::zero(), (call->deadline - roads_.clock.now()) / 2);
    Turn const turn{site, call, now + patience, done};
    Lane::Work work{.go = [self = shared_from_this(), turn] { self->take(turn); },
                    .give_up = turn_away,
                    .patient_until = turn.patient_until};
    if (!site->lane.enter(std::move(work), now)) turn_away();
}

// It has its place; the tool must not be paused, and its rate must allow one more.
void Dispatcher::take(Turn const& turn) {
    auto const& [site, call, patient_until, done] = turn;
    auto const now = roads_.clock.monotonic();
    std::optional<Duration> pause;
    Duration wait{};
    {
        std::lock_guard const lock(site->mutex);
        wait = site->pace.wait_before(now);
        if (wait == Duration::zero()) pause = site->breaker.wait_before(now);
    }
    if (wait > Duration::zero() && roads_.runtime && now + wait < patient_until) {
        roads_.runtime->after(wait, [self = shared_from_this(), turn] { self->take(turn); });
        return;
    }
    if (wait > Duration::zero() || pause) {
        done(pause ? paused(*call->contract, *pause) : too_fast(*call->contract, wait));
        return site->lane.leave(now);
    }
    send(*call, [site = site, done = done, &clock = roads_.clock](Answer answer) {
        {
            std::lock_guard const lock(site->mutex);
            site->breaker.report(answer.was_reached, clock.monotonic());
        }
        done(std::move(answer));
        site->lane.leave(clock.monotonic());
    });
}

void Dispatcher::send(Sending const& sending, OnAnswer done) {
    if (roads_.clock.now() >= sending.deadline) return done(too_late(*sending.contract));
    if (!may_send(sending.lease)) return done(not_ours(*sending.contract));
    auto const* clock = &roads_.clock;
    [[maybe_unused]] bool const is_write = !sending.contract->is_read();
    struct Waiting {
        OnAnswer done;
        Duration began;
        std::atomic_flag is_answered;
    };
    auto const waiting = std::make_shared<Waiting>(std::move(done), clock->monotonic());
    OnAnswer const once = [clock, waiting, is_write](Answer answer) {
        if (waiting->is_answered.test_and_set()) return;
        if (is_write) RESOLUTE_FAILPOINT("effect.answered");
        answer.evidence["duration_ms"] = milliseconds(clock->monotonic() - waiting->began);
        waiting->done(std::move(answer));
    };
    try {
        if (is_write) RESOLUTE_FAILPOINT("effect.sending");
        carry(sending, once);
        if (is_write) RESOLUTE_FAILPOINT("effect.sent");
    } catch (std::exception const& error) {  // it may be under way: the road did not say
        auto why = runtime_failure(
            "Calling `" + sending.contract->name + "` failed: " + error.what(), codes::no_answer);
        once({Doubtful{std::move(why)}, Json::object()});
    }
}

void Dispatcher::carry(Sending const& sending, OnAnswer const& done) {
    struct Carry {
        Roads const& roads;
        Sending const& sending;
        OnAnswer const& done;

        void operator()(HttpCall const& call) const {
            if (!roads.http) return done(no_road(*sending.contract, "HTTP"));
            call_http(roads, sending, call, done);
        }
        void operator()(McpCall const& call) const {
            if (!roads.mcp) return done(no_road(*sending.contract, "an MCP server"));
            call_mcp(*roads.mcp, sending, call, roads.clock, done);
        }
        void operator()(ProcessCall const& call) const {
            if (!roads.runtime) return done(no_road(*sending.contract, "a program"));
            call_process(*roads.runtime, sending, call, roads.clock, done);
        }
        void operator()(ProgramCall const& call) const {
            if (!roads.runtime) return done(no_road(*sending.contract, "a program"));
            call_program(*roads.runtime, sending, call, roads.clock, done);
        }
        void operator()(FunctionCall const& call) const { done(call_function(sending, call)); }
        void operator()(RequestCall const& call) const {
            if (!roads.http) return done(no_road(*sending.contract, "HTTP"));
            call_request(*roads.http, roads.clock, sending, call, done);
        }
        void operator()(OperationCall const& call) const {
            if (!roads.http) return done(no_road(*sending.contract, "HTTP"));
            call_operation(*roads.http, roads.clock, sending, call, done);
        }
        void operator()(ServerCall const& call) const {
            if (!roads.http || !roads.runtime)
                return done(no_road(*sending.contract, "an MCP server"));
            call_server(*roads.runtime, *roads.http, roads.clock, sending, call, done);
        }
        void operator()(AgentCall const& call) const {
            if (!roads.http) return done(no_road(*sending.contract, "HTTP"));
            call_agent(*roads.http, roads.clock, sending, call, done);
        }
        void operator()(CardCall const& call) const {
            if (!roads.http) return done(no_road(*sending.contract, "HTTP"));
            read_card(*roads.http, roads.clock, sending, call, done);
        }
    };
    std::visit(Carry{roads_, sending, done}, sending.contract->call);
}

}  // namespace resolute::tools
