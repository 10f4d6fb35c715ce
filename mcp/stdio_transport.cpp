#include "mcp/stdio_transport.h"

#include <mutex>

#include "base/log.h"
#include "mcp/json_rpc.h"

namespace resolute::mcp {
namespace {

// What the process's callbacks share with the transport; they may outlive it.
class Ears {
  public:
    Ears(std::string name, Transport::Listener listener)
        : name_(std::move(name)), listener_(std::move(listener)) {}

    void hear(net::LineSplitter::Line line) {
        if (line.is_cut)
            return close(name_ + " sent a line that is too long: " + excerpt(line.text));
        if (auto const listener = current(); listener.on_line)
            listener.on_line(std::string(line.text));
    }
    void hear_error(net::LineSplitter::Line line) {
        log::debug("mcp: " + name_ + ": " + excerpt(line.text));
        std::lock_guard const lock(mutex_);
        last_error_ = excerpt(line.text);
    }
    void hear_exit(net::Exit const& exit) {
        auto why = name_ + " " + to_string(exit);
        {
            std::lock_guard const lock(mutex_);
            if (!last_error_.empty()) why += "; it last said: " + last_error_;
        }
        close(std::move(why));
    }
    void close(std::string why) {
        auto const listener = deaf();
        if (listener.on_closed) listener.on_closed(std::move(why));
    }
    Transport::Listener deaf() {
        std::lock_guard const lock(mutex_);
        return std::exchange(listener_, {});
    }

  private:
    Transport::Listener current() const {
        std::lock_guard const lock(mutex_);
        return listener_;
    }

    std::string name_;
    mutable std::mutex mutex_;
    Transport::Listener listener_;
    std::string last_error_;
};

class StdioTransport final : public Transport {
  public:
    StdioTransport(net::Runtime& runtime, StdioOptions const& options, Listener listener)
        : runtime_(runtime),
          ears_(std::make_shared<Ears>(options.command.empty() ? "" : options.command.front(),
                                       std::move(listener))) {
        net::ProcessOptions process;
        process.command = options.command;
        process.environment = options.environment;
        process.directory = options.directory;
        process.inherits_environment = options.inherits_environment;
        process.on_output = [ears = ears_](net::LineSplitter::Line line) { ears->hear(line); };
        process.on_error = [ears = ears_](net::LineSplitter::Line line) { ears->hear_error(line); };
        process.on_exit = [ears = ears_](net::Exit exit) { ears->hear_exit(exit); };
        process_ = std::make_shared<net::Process>(runtime, std::move(process));
    }
    ~StdioTransport() override {
        ears_->deaf();
        process_->close_input();
        // A server may finish what it is doing; the handle that this timer holds then kills it.
        // Nothing rings on a runtime that has stopped, and there the child is killed at once.
        if (!runtime_.is_running()) return;
        runtime_.after(std::chrono::milliseconds(limits::process_grace_ms),
                       [process = process_] {});
    }

    bool send(std::string const& line) override {
        return process_->write(line + "\n") == net::Process::Written::queued;
    }

  private:
    net::Runtime& runtime_;
    std::shared_ptr<Ears> ears_;
    std::shared_ptr<net::Process> process_;
};

}  // namespace

OpenTransport over_stdio(net::Runtime& runtime, StdioOptions options) {
    return [&runtime, options = std::move(options)](Transport::Listener listener) {
        return std::make_unique<StdioTransport>(runtime, options, std::move(listener));
    };
}

}  // namespace resolute::mcp
