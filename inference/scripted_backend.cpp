#include "inference/scripted_backend.h"

#include <algorithm>

namespace resolute::inference {
namespace {

// About four bytes make a token; good enough for a stand-in, and the same every time.
int tokens_of(std::size_t bytes) { return static_cast<int>((bytes + 3) / 4); }

Diagnostic malformed(std::string const& file, std::string what) {
    return {.code = "malformed_script",
            .message = "The model script cannot be used: " + std::move(what),
            .remedy = "It needs a `name` and `answers`, each with `model`, `when` and `texts`.",
            .file = file};
}

}  // namespace

Result<ScriptedBackend> ScriptedBackend::read(Json const& script, std::string const& file) {
    ScriptedBackend backend;
    try {
        backend.name_ = script.at("name").get<std::string>();
        for (auto const& answer : script.at("answers")) {
            Entry entry{.model = answer.at("model").get<std::string>(), .when = {}, .texts = {}};
            auto const conditions = answer.value("when", Json::object());
            for (auto const& [pointer, value] : conditions.items())
                entry.when.emplace_back(Json::json_pointer(pointer), value);
            for (auto const& text : answer.at("texts"))
                entry.texts.push_back(text.is_string() ? text.get<std::string>() : to_text(text));
            if (entry.texts.empty())
                return malformed(file, "an answer for `" + entry.model + "` has no texts.");
            backend.entries_.push_back(std::move(entry));
        }
    } catch (Json::exception const& error) {
        return malformed(file, error.what());
    }
    return backend;
}

void ScriptedBackend::complete(Prompt const& prompt, std::function<void(BackendReply)> done) {
    auto const& input = prompt.input.json();
    auto fits = [&](Entry const& entry) {
        return entry.model == prompt.model &&
               std::ranges::all_of(entry.when, [&](auto const& condition) {
                   return input.contains(condition.first) &&
                          input.at(condition.first) == condition.second;
               });
    };
    auto const found = std::ranges::find_if(entries_, fits);
    if (found == entries_.end())
        return done(BackendFailure{
            "The script has no answer for the model `" + prompt.model + "` and this input.",
            0,
            false,
            {}});
    auto const nth =
        std::min(found->texts.size(), static_cast<std::size_t>(std::max(1, prompt.attempt)));
    Completion completion{.text = found->texts[nth - 1], .served_model = label()};
    std::size_t asked = 0;
    for (auto const& message : prompt.messages) asked += message.text.size();
    completion.usage = {tokens_of(asked), tokens_of(completion.text.size())};
    done(std::move(completion));
}

}  // namespace resolute::inference
