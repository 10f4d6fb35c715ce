// The seam to whatever completes a prompt: a model server over HTTP, or a script that says so.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/payload.h"

namespace resolute::inference {

struct ChatMessage {
    enum class Role { system, user, assistant };
    Role role = Role::user;
    std::string text;
};

struct Prompt {
    std::vector<ChatMessage> messages;
    Payload output_schema;      // JSON Schema that the answer must satisfy; null = free text
    int max_tokens = 0;         // of the answer; 0 = the backend's default
    Duration timeout = std::chrono::seconds(60);
    // For the scripted backend, which looks a prepared answer up instead of thinking.
    std::string model;          // logical name
    Payload input;
    int attempt = 1;
    std::function<bool()> may_send = nullptr;  // asked just before the first byte leaves
};

struct Usage {
    int input_tokens = 0;
    int output_tokens = 0;
};

enum class Finish { complete, length, refused, other };

struct Completion {
    std::string text;
    Finish finish = Finish::complete;
    Usage usage;
    std::string request_id;     // of the backend, for its operator
    std::string served_model;   // what the backend says it was
};

// No answer. Asking again is safe, a completion has no effect by itself; it may cost again.
struct BackendFailure {
    std::string detail;
    int status = 0;             // of HTTP, when there was an answer
    bool retryable = false;
    std::optional<Duration> retry_after = {};
    bool was_crowded = false;   // it was not asked: no connection was free
};

using BackendReply = std::variant<Completion, BackendFailure>;

// Thread-safe. `done` is called exactly once, from any thread, possibly before the call returns.
class Backend {
  public:
    virtual ~Backend() = default;
    virtual void complete(Prompt const& prompt, std::function<void(BackendReply)> done) = 0;
    // "openai:gpt-x at https://…", "scripted:demo" — for people
    virtual std::string label() const = 0;
    virtual bool is_scripted() const = 0;        // shown wherever its answers are shown
};

}  // namespace resolute::inference
