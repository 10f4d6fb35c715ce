#include "tools/function_call.h"

namespace resolute::tools {

Answer call_function(Sending const& sending, FunctionCall const& call) {
    auto const& name = sending.contract->name;
    auto const* function = sending.registry->function(call.name);
    if (!function || !function->call)
        return {Refused{configuration_failure("`" + name + "` needs the function `" + call.name +
                                                  "`, which this program does not have.",
                                              codes::not_sent)},
                Json::object()};
    auto doubt = [&](std::string const& why) {
        return Answer{Doubtful{runtime_failure("`" + name + "` threw: " + why, codes::bad_answer)},
                      Json::object()};
    };
    try {
        return {Answered{function->call(sending.arguments.json(), sending.key)}, Json::object()};
    } catch (NotApplied const& refusal) {
        auto why =
            runtime_failure("`" + name + "` did nothing: " + refusal.what(), codes::tool_refused);
        return {Refused{std::move(why), refusal.is_retryable}, Json::object()};
    } catch (std::exception const& error) {
        return doubt(error.what());
    } catch (...) {
        return doubt("something that is no exception of the standard library");
    }
}

}  // namespace resolute::tools
