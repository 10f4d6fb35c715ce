#include "tests/simulation/generator.h"

namespace resolute::simulation {
namespace {

constexpr int deepest = 2;
constexpr std::uint64_t longest_block = 4;
constexpr int most_steps = 20;

char const* const error_kinds[] = {"runtime", "communication", "authorization", "timeout"};
char const* const backoffs[] = {"constant", "linear", "exponential"};

std::string error_type(char const* kind) {
    return std::string("'https://serverlessworkflow.io/spec/1.0.0/errors/") + kind + "'";
}

}  // namespace

std::string WorkflowGenerator::workflow(std::string const& name) {
    text_.clear();
    numbers_.clear();
    names_ = 0;
    line(0, "document: { dsl: '1.0.3', namespace: generated, name: " + name + ", version: '1.0.0'" +
                places() + " }");
    if (maybe(0.08)) limit(0);
    line(0, "do:");
    block(deepest, 2);
    return text_;
}

void WorkflowGenerator::line(int indent, std::string const& text) {
    text_ += std::string(static_cast<std::size_t>(indent), ' ') + text + "\n";
}

// Some share a name, so that runs of several workflows wait for each other's places.
std::string WorkflowGenerator::places() {
    if (!tools_.has_events() || !maybe(0.4)) return "";
    std::string limits = "{ key: workflow, name: shared, concurrency: 1 }";
    if (maybe(0.3)) limits += ", { key: case, concurrency: 1 }";
    if (maybe(0.3)) limits += ", { key: tenant, rate: { count: 2, per: PT1S } }";
    return ", metadata: { limits: [ " + limits + " ], priority: " + number(3) + " }";
}

void WorkflowGenerator::limit(int indent) {
    line(indent, "timeout: { after: " + tools_.limit(random_) + " }");
}

std::string WorkflowGenerator::number(std::uint64_t below) {
    return std::to_string(random_.below(below));
}

// The names of a block are known before its steps, because a `switch` leads forward only.
void WorkflowGenerator::block(int depth, int indent) {
    auto const length = 1 + random_.below(longest_block);
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < length; ++i) names.push_back("s" + std::to_string(++names_));
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::vector<std::string> const later(names.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                             names.end());
        step(names[i], later, depth, indent);
    }
}

WorkflowGenerator::Kind WorkflowGenerator::kind(int depth) {
    static constexpr Kind flat[] = {Kind::call, Kind::call, Kind::call,   Kind::call, Kind::call,
                                    Kind::set,  Kind::wait, Kind::choose, Kind::ask,  Kind::raise};
    static constexpr Kind deep[] = {Kind::loop,    Kind::fork,    Kind::fork,
                                    Kind::attempt, Kind::attempt, Kind::group};
    static constexpr Kind outward[] = {Kind::emit,   Kind::emit,  Kind::listen,
                                       Kind::listen, Kind::start, Kind::sweep};
    bool const may_nest = depth > 0 && names_ < most_steps;
    if (may_nest && maybe(0.45)) return deep[random_.below(std::size(deep))];
    if (maybe(0.15)) {
        static constexpr Kind runs[] = {Kind::start, Kind::sweep};
        auto const found = tools_.has_events() ? outward[random_.below(std::size(outward))]
                                               : runs[random_.below(std::size(runs))];
        bool const is_about_events = found == Kind::emit || found == Kind::listen;
        // For each event another one, or a wait for several: such a run may go on for ever.
        return is_about_events && listening_around_ > 0 ? Kind::set : found;
    }
    auto const found = flat[random_.below(std::size(flat))];
    return found == Kind::raise && maybe(0.6) ? Kind::call : found;
}

void WorkflowGenerator::step(std::string const& name, std::vector<std::string> const& later,
                             int depth, int indent) {
    auto const found = kind(depth);
    line(indent, "- " + name + ":");
    indent += 4;
    if (found != Kind::choose && maybe(0.12)) line(indent, "if: '${ " + condition() + " }'");
    bool const takes_time = found != Kind::set && found != Kind::choose && found != Kind::raise;
    if (takes_time && maybe(0.12)) limit(indent);
    switch (found) {
        case Kind::call: call(name, indent); break;
        case Kind::set:
            line(indent, "set: { n: " + number(10) + ", was: '${ $context.n }' }");
            break;
        case Kind::wait: line(indent, "wait: " + tools_.pause(random_)); break;
        case Kind::choose: choose(later, indent); break;
        case Kind::loop: loop(depth, indent); break;
        case Kind::fork: fork(depth, indent); break;
        case Kind::attempt: attempt(depth, indent); break;
        case Kind::raise: raise(indent); break;
        case Kind::ask: ask(indent); break;
        case Kind::emit: emit(indent); break;
        case Kind::listen: listen(depth, indent); break;
        case Kind::start: start(name, indent); break;
        case Kind::sweep: sweep(name, indent); break;
        case Kind::group:
            line(indent, "do:");
            block(depth - 1, indent + 2);
            break;
    }
}

std::string WorkflowGenerator::condition() {
    auto const threshold = number(10);
    auto const sign = maybe(0.5) ? " > " : " <= ";
    auto const subject = numbers_.empty() || maybe(0.4) ? std::string("$context.n")
                                                        : numbers_[random_.below(numbers_.size())];
    return subject + sign + threshold;
}

void WorkflowGenerator::call(std::string const& name, int indent) {
    auto const call = tools_.call(random_, {name, repeats_around_ > 0});
    line(indent, "call: tool");
    line(indent, "with: " + call.with);
    if (forks_around_ == 0 && maybe(0.15))
        line(indent, "export: { as: '" + tools_.context_of(call.number) + "' }");
    numbers_.push_back("$tasks." + name + "." + call.number);
}

void WorkflowGenerator::choose(std::vector<std::string> const& later, int indent) {
    auto target = [&]() -> std::string {
        if (later.empty() || maybe(0.2)) return maybe(0.8) ? "continue" : "exit";
        return later[random_.below(later.size())];
    };
    line(indent, "switch:");
    auto const cases = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < cases; ++i) {
        auto const when = condition();
        line(indent,
             "- case" + std::to_string(i) + ": { when: '" + when + "', then: " + target() + " }");
    }
    if (maybe(0.5)) line(indent, "- otherwise: { then: " + target() + " }");
}

void WorkflowGenerator::loop(int depth, int indent) {
    line(indent, maybe(0.5) ? "for: { in: '[1, 2]' }" : "for: { each: one, in: '[1, 2, 3]' }");
    if (maybe(0.3)) line(indent, "while: '$index < 2'");
    line(indent, "do:");
    ++repeats_around_;
    block(depth - 1, indent + 2);
    --repeats_around_;
}

void WorkflowGenerator::fork(int depth, int indent) {
    line(indent, "fork:");
    if (maybe(0.35)) line(indent + 2, "compete: true");
    line(indent + 2, "branches:");
    ++forks_around_;
    auto const branches = 2 + random_.below(2);
    for (std::uint64_t i = 0; i < branches; ++i) {
        line(indent + 2, "- s" + std::to_string(++names_) + ":");
        line(indent + 6, "do:");
        block(depth - 1, indent + 8);
    }
    --forks_around_;
}

void WorkflowGenerator::attempt(int depth, int indent) {
    line(indent, "try:");
    ++repeats_around_;
    block(depth - 1, indent + 2);
    --repeats_around_;
    line(indent, "catch:");
    if (maybe(0.4))
        line(indent + 2, "errors: { with: { type: " +
                             error_type(error_kinds[random_.below(std::size(error_kinds))]) +
                             " } }");
    bool const retries = maybe(0.5);
    if (retries) {
        std::string const backoff = backoffs[random_.below(std::size(backoffs))];
        auto const attempts = std::to_string(1 + random_.below(2));
        auto const longest = maybe(0.3) ? ", duration: " + tools_.limit(random_) : std::string();
        line(indent + 2, "retry: { delay: PT2S, backoff: { " + backoff +
                             ": {} }, limit: { attempt: { count: " + attempts + longest + " } } }");
    }
    if (retries && maybe(0.4)) return;
    line(indent + 2, "do:");
    block(depth - 1, indent + 4);
}

void WorkflowGenerator::raise(int indent) {
    line(indent, "raise: { error: { type: " +
                     error_type(error_kinds[random_.below(std::size(error_kinds))]) +
                     ", status: 500, title: Raised } }");
}

void WorkflowGenerator::ask(int indent) {
    line(indent, "call: approval");
    std::string with = "with: { title: 'Go on?', notBy: [" + tools_.excluded() + "]";
    if (maybe(0.6)) {
        with += ", due: [ { after: " + tools_.question_due(random_);
        if (maybe(0.6)) with += ", decide: approve";
        with += " } ]";
    }
    line(indent, with + " }");
}

std::string WorkflowGenerator::event_type() { return "t" + number(3); }

void WorkflowGenerator::emit(int indent) {
    line(indent, "emit: { event: { with: { source: generated, type: " + event_type() +
                     ", data: { n: " + number(10) + " } } } }");
}

// Some name no type, or leave the type to an expression.
std::string WorkflowGenerator::event_filter() {
    auto const data = maybe(0.4) ? "data: '${ .n > " + number(6) + " }'" : std::string();
    if (!data.empty() && maybe(0.25)) return "{ with: { " + data + " } }";
    auto const type = maybe(0.1) ? "'${ . != \"t0\" }'" : event_type();
    return "{ with: { type: " + type + (data.empty() ? "" : ", ") + data + " } }";
}

void WorkflowGenerator::listen(int depth, int indent) {
    auto const some = [&] { return "[ " + event_filter() + ", " + event_filter() + " ]"; };
    auto const hear = [&](std::string const& what) {
        line(indent, "listen: { to: { " + what + " } }");
    };
    switch (random_.below(6)) {
        case 0: hear("one: " + event_filter()); break;
        case 1: hear("any: " + some()); break;
        case 2: hear("all: " + some()); break;
        case 3: hear("any: []"); break;
        case 4:
            hear("any: [ " + event_filter() + " ], until: { one: " + event_filter() + " }");
            break;
        default: hear("any: [ " + event_filter() + " ], until: 'length == 2'");
    }
    if (maybe(0.6)) return;
    line(indent, "foreach:");
    line(indent + 2, "item: heard");
    if (maybe(0.2)) return;
    line(indent + 2, "do:");
    ++repeats_around_;
    ++listening_around_;
    block(depth > 0 ? depth - 1 : 0, indent + 4);
    --listening_around_;
    --repeats_around_;
}

void WorkflowGenerator::start(std::string const& name, int indent) {
    auto const what = tools_.start(random_, {name, repeats_around_ > 0});
    line(indent, "run: { " + what + (maybe(0.2) ? ", await: false }" : " }"));
}

void WorkflowGenerator::sweep(std::string const& name, int indent) {
    auto const what = tools_.sweep(random_, {name, repeats_around_ > 0});
    line(indent, "call: map");
    line(indent, "with: { " + what + ", concurrency: " + std::to_string(1 + random_.below(3)) +
                     (maybe(0.4) ? ", stopAfterFailures: 1 }" : " }"));
}

}  // namespace resolute::simulation
