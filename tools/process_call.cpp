#include "tools/process_call.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace resolute::tools {
namespace {

constexpr int refused_code = 65;
constexpr int try_later_code = 75;

Answer too_large(Contract const& contract) {
    auto why = communication_failure("`" + contract.name + "` printed more than " +
                                         std::to_string(limits::tool_answer_bytes) +
                                         " bytes; an answer that large is not taken.",
                                     codes::bad_answer);
    return {Doubtful{std::move(why), false}, {{"sent", true}}};
}

// One program under way. Its output comes in one turn after the other; the deadline may come
// between. The deadline keeps it: when that was heard or is called off, the program goes as well.
class Running : public std::enable_shared_from_this<Running> {
  public:
    Running(net::Runtime& runtime, Sending sending, OnAnswer done)
        : runtime_(runtime), sending_(std::move(sending)), done_(std::move(done)) {}

    void start(Program program, Duration timeout) {
        std::lock_guard const lock(
            mutex_);  // nothing is answered before everything is in its place
        answer_ = std::move(program.answer);
        most_error_bytes_ = program.most_error_bytes;
        listen(program.options);
        // There is nothing else to send.
        program.options.max_queued_bytes = std::max<std::size_t>(program.input.size(), 1);
        process_ = std::make_shared<net::Process>(runtime_, std::move(program.options));
        deadline_ = runtime_.after(timeout, [self = shared_from_this()] { self->on_deadline(); });
        if (!program.input.empty()) process_->write(std::move(program.input));
        process_->close_input();
    }

  private:
    void listen(net::ProcessOptions& options) {
        auto const weak = weak_from_this();
        options.max_line_bytes = limits::tool_answer_bytes;
        options.on_output = [weak](net::LineSplitter::Line line) {
            auto const self = weak.lock();
            if (self && !keep(self->output_, line, limits::tool_answer_bytes)) self->on_too_much();
        };
        options.on_error = [weak](net::LineSplitter::Line line) {
            auto const self = weak.lock();
            if (self && !keep(self->errors_, line, self->most_error_bytes_) &&
                self->most_error_bytes_ >= limits::tool_answer_bytes)
                self->on_too_much();
        };
        options.on_exit = [weak](net::Exit const& exit) {
            if (auto const self = weak.lock()) self->on_exit(exit);
        };
    }

    static bool keep(std::string& text, net::LineSplitter::Line line, std::size_t most) {
        if (line.is_cut || text.size() + line.text.size() >= most) return false;
        text.append(line.text).append("\n");
        return true;
    }

    void on_exit(net::Exit const& exit) {
        answer(guarded(*sending_.contract, [&] { return answer_(exit, output_, errors_); }));
    }

    // What it would print after this is read by nobody; it is not left to fill pipes until its time
    // is over.
    void on_too_much() {
        if (std::exchange(has_said_too_much_, true)) return;
        answer(too_large(*sending_.contract));
        std::lock_guard const lock(mutex_);
        if (process_) process_->kill();
    }

    void on_deadline() {
        auto why = timeout_failure(
            "`" + sending_.contract->name + "` did not end in time and was stopped.",
            codes::no_answer);
        answer({Doubtful{std::move(why)}, {{"sent", true}}, false});
        std::lock_guard const lock(mutex_);
        process_.reset();  // stops it, and nothing of it is heard any more
    }

    void answer(Answer answer) {
        {
            std::lock_guard const lock(mutex_);
            if (std::exchange(is_answered_, true)) return;
            deadline_.cancel();
        }
        done_(std::move(answer));
    }

    net::Runtime& runtime_;
    Sending sending_;
    OnAnswer done_;
    decltype(Program::answer) answer_;
    std::size_t most_error_bytes_ = 0;
    std::string output_;
    std::string errors_;
    bool has_said_too_much_ = false;
    std::mutex mutex_;
    bool is_answered_ = false;
    net::Timer deadline_;
    std::shared_ptr<net::Process> process_;
};

}  // namespace

void run_program(net::Runtime& runtime, Sending const& sending, Program program, Clock const& clock,
                 OnAnswer const& done) {
    auto const timeout = std::max(Duration::zero(), sending.deadline - clock.now());
    try {
        std::make_shared<Running>(runtime, sending, done)->start(std::move(program), timeout);
    } catch (net::CannotStart const& error) {
        auto why = communication_failure(
            "`" + sending.contract->name + "` could not be started: " + error.what(),
            codes::not_sent);
        done({Refused{std::move(why), true}, {{"sent", false}}, false});
    }
}

void call_process(net::Runtime& runtime, Sending const& sending, ProcessCall const& call,
                  Clock const& clock, OnAnswer const& done) {
    Program program{.options = {.command = call.command}, .input = sending.arguments.text() + "\n"};
    program.options.environment = {call.environment.begin(), call.environment.end()};
    program.options.environment.emplace_back("RESOLUTE_IDEMPOTENCY_KEY", sending.key);
    program.answer = [sending](net::Exit const& exit, std::string const& output,
                               std::string const& errors) {
        return process_answer(*sending.contract, exit, output, errors);
    };
    run_program(runtime, sending, std::move(program), clock, done);
}

Answer process_answer(Contract const& contract, net::Exit const& exit, std::string const& output,
                      std::string const& errors) {
    Json evidence{{"exit", to_string(exit)}};
    if (!errors.empty()) evidence["errors"] = excerpt_of(errors);
    auto const said = "`" + contract.name + "` " + to_string(exit) +
                      (errors.empty() ? "" : ": " + excerpt_of(errors));
    if (exit.code == refused_code || exit.code == try_later_code)
        return {Refused{runtime_failure(said, codes::tool_refused), exit.code == try_later_code},
                std::move(evidence)};
    if (exit.code != 0)
        return {Doubtful{communication_failure(said, codes::no_answer)}, std::move(evidence),
                false};
    auto value = parse_json(output);
    if (value) return {Answered{std::move(*value)}, std::move(evidence)};
    evidence["answer"] = excerpt_of(output);
    auto why = "`" + contract.name +
               "` ended well, but what it printed is not JSON: " + to_string(value.diagnostics());
    return {Doubtful{communication_failure(std::move(why), codes::bad_answer)},
            std::move(evidence)};
}

}  // namespace resolute::tools
