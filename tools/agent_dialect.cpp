#include "tools/agent_dialect.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace resolute::tools {
namespace {

using Words = std::pair<std::string_view, std::string_view>;  // of 0.3, of 1.0

constexpr std::array<Words, 11> agent_methods{
    {{"message/send", "SendMessage"},
     {"message/stream", "SendStreamingMessage"},
     {"tasks/get", "GetTask"},
     {"tasks/list", "ListTasks"},
     {"tasks/cancel", "CancelTask"},
     {"tasks/resubscribe", "SubscribeToTask"},
     {"tasks/pushNotificationConfig/set", "CreateTaskPushNotificationConfig"},
     {"tasks/pushNotificationConfig/get", "GetTaskPushNotificationConfig"},
     {"tasks/pushNotificationConfig/list", "ListTaskPushNotificationConfigs"},
     {"tasks/pushNotificationConfig/delete", "DeleteTaskPushNotificationConfig"},
     {"agent/getAuthenticatedExtendedCard", "GetExtendedAgentCard"}}};

constexpr std::array<Words, 2> roles{{{"user", "ROLE_USER"}, {"agent", "ROLE_AGENT"}}};
constexpr std::array<Words, 9> task_states{{{"unknown", "TASK_STATE_UNSPECIFIED"},
                                            {"submitted", "TASK_STATE_SUBMITTED"},
                                            {"working", "TASK_STATE_WORKING"},
                                            {"completed", "TASK_STATE_COMPLETED"},
                                            {"failed", "TASK_STATE_FAILED"},
                                            {"canceled", "TASK_STATE_CANCELED"},
                                            {"input-required", "TASK_STATE_INPUT_REQUIRED"},
                                            {"rejected", "TASK_STATE_REJECTED"},
                                            {"auth-required", "TASK_STATE_AUTH_REQUIRED"}}};
enum class Into { older, newer };

template <std::size_t size>
void translate(Json& object, char const* name, std::array<Words, size> const& words, Into into) {
    auto const found = object.find(name);
    if (found == object.end() || !found->is_string()) return;
    auto const& word = found->get_ref<std::string const&>();
    for (auto const& [older, newer] : words)
        if (word == (into == Into::newer ? older : newer)) {
            *found = std::string(into == Into::newer ? newer : older);
            return;
        }
}

void rename(Json& object, char const* from, char const* to) {
    auto const found = object.find(from);
    if (found == object.end()) return;
    auto value = std::move(*found);
    object.erase(from);
    object[to] = std::move(value);
}

// Every object in a list that is a member of `object`.
template <class Change>
void each(Json& object, char const* name, Change const& change) {
    auto const found = object.find(name);
    if (found == object.end() || !found->is_array()) return;
    for (auto& one : *found)
        if (one.is_object()) change(one);
}

template <class Change>
void within(Json& object, char const* name, Change const& change) {
    auto const found = object.find(name);
    if (found != object.end() && found->is_object()) change(*found);
}

// ---- into 1.0

void newer_part(Json& part) {
    part.erase("kind");
    auto const file = part.find("file");
    if (file == part.end() || !file->is_object()) return;
    auto content = std::move(*file);
    part.erase("file");
    rename(content, "uri", "url");
    rename(content, "bytes", "raw");
    rename(content, "name", "filename");
    rename(content, "mimeType", "mediaType");
    part.update(content);
}

void newer_message(Json& message) {
    message.erase("kind");
    translate(message, "role", roles, Into::newer);
    each(message, "parts", newer_part);
}

// One scheme is left of the list that 0.3 has.
void newer_push_config(Json& config) {
    within(config, "authentication", [](Json& access) {
        auto const schemes = access.find("schemes");
        if (schemes == access.end() || !schemes->is_array() || schemes->empty()) return;
        auto first = schemes->front();
        access.erase("schemes");
        access["scheme"] = std::move(first);
    });
}

void newer_sending(Json& parameters) {
    within(parameters, "message", newer_message);
    within(parameters, "configuration", [](Json& configuration) {
        auto const blocking = configuration.find("blocking");
        if (blocking != configuration.end() && blocking->is_boolean()) {
            bool const waits = blocking->get<bool>();
            configuration.erase("blocking");
            configuration["returnImmediately"] = !waits;
        }
        rename(configuration, "pushNotificationConfig", "taskPushNotificationConfig");
        within(configuration, "taskPushNotificationConfig", newer_push_config);
    });
}

void newer_push_parameters(std::string const& method, Json& parameters) {
    if (method.ends_with("/set")) {
        auto const config = parameters.find("pushNotificationConfig");
        if (config == parameters.end() || !config->is_object()) return;
        auto flat = std::move(*config);
        parameters.erase("pushNotificationConfig");
        newer_push_config(flat);
        parameters.update(flat);
    } else if (!parameters.contains("taskId")) {
        rename(parameters, "id", "taskId");
        rename(parameters, "pushNotificationConfigId", "id");
    }
}

// ---- into 0.3

void older_part(Json& part) {
    if (part.contains("kind")) return;
    if (part.contains("text")) {
        part["kind"] = "text";
    } else if (part.contains("data")) {
        part["kind"] = "data";
    } else if (part.contains("raw") || part.contains("url")) {
        Json file = Json::object();
        for (auto const& [newer, older] : {Words{"url", "uri"},
                                           {"raw", "bytes"},
                                           {"filename", "name"},
                                           {"mediaType", "mimeType"}})
            if (auto const found = part.find(newer); found != part.end()) {
                file[std::string(older)] = *found;
                part.erase(std::string(newer));
            }
        part["file"] = std::move(file);
        part["kind"] = "file";
    }
}

void older_message(Json& message) {
    message["kind"] = "message";
    translate(message, "role", roles, Into::older);
    each(message, "parts", older_part);
}

void older_status(Json& status) {
    translate(status, "state", task_states, Into::older);
    within(status, "message", older_message);
}

void older_artifact(Json& artifact) { each(artifact, "parts", older_part); }

void older_task(Json& task) {
    task["kind"] = "task";
    within(task, "status", older_status);
    each(task, "artifacts", older_artifact);
    each(task, "history", older_message);
}

// In 0.3 the last event of a stream says so.
void older_status_update(Json& update) {
    update["kind"] = "status-update";
    within(update, "status", older_status);
    if (update.contains("final")) return;
    constexpr std::array ends{"completed", "failed",         "canceled",
                              "rejected",  "input-required", "auth-required"};
    auto const state = update.contains("status") && update["status"].is_object()
                           ? update["status"].value("state", Json())
                           : Json();
    update["final"] =
        std::ranges::any_of(ends, [&](char const* end) { return state == Json(end); });
}

void older_artifact_update(Json& update) {
    update["kind"] = "artifact-update";
    within(update, "artifact", older_artifact);
}

Json older_push_config(Json flat) {
    Json whole = Json::object();
    if (auto const task = flat.find("taskId"); task != flat.end()) {
        whole["taskId"] = *task;
        flat.erase("taskId");
    }
    flat.erase("tenant");
    within(flat, "authentication", [](Json& access) {
        auto const scheme = access.find("scheme");
        if (scheme == access.end()) return;
        auto only = Json::array({*scheme});
        access.erase("scheme");
        access["schemes"] = std::move(only);
    });
    whole["pushNotificationConfig"] = std::move(flat);
    return whole;
}

// What is in one of the envelopes that 1.0 has around results of sending.
std::optional<Json> unwrapped(Json const& result) {
    struct Envelope {
        char const* name;
        void (*change)(Json&);
    };
    for (auto const& [name, change] : {Envelope{"task", older_task},
                                       {"message", older_message},
                                       {"statusUpdate", older_status_update},
                                       {"artifactUpdate", older_artifact_update}}) {
        auto const found = result.find(name);
        if (found == result.end() || !found->is_object()) continue;
        auto inner = *found;
        change(inner);
        return inner;
    }
    return std::nullopt;
}

}  // namespace

std::string method_in_1_0(std::string const& method) {
    for (auto const& [older, newer] : agent_methods)
        if (method == older) return std::string(newer);
    return method;
}

Json parameters_in_1_0(std::string const& method, Json parameters) {
    if (!parameters.is_object()) return parameters;
    if (method.starts_with("message/")) newer_sending(parameters);
    if (method == "tasks/list") translate(parameters, "status", task_states, Into::newer);
    if (method.starts_with("tasks/pushNotificationConfig/"))
        newer_push_parameters(method, parameters);
    return parameters;
}

Json result_in_0_3(std::string const& method, Json result) {
    if (!result.is_object()) return result;
    if (method.starts_with("message/") || method == "tasks/resubscribe")
        return unwrapped(result).value_or(result);
    if (method == "tasks/get" || method == "tasks/cancel") older_task(result);
    if (method == "tasks/list") each(result, "tasks", older_task);
    if (method == "tasks/pushNotificationConfig/list") {
        Json all = Json::array();
        each(result, "configs", [&](Json& one) { all.push_back(older_push_config(one)); });
        return all;
    }
    if (method == "tasks/pushNotificationConfig/set" ||
        method == "tasks/pushNotificationConfig/get")
        return older_push_config(std::move(result));
    return result;
}

}  // namespace resolute::tools
