#include "base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace resolute::log {
namespace {

std::shared_ptr<spdlog::logger> make(spdlog::sink_ptr sink) {
    auto made = std::make_shared<spdlog::logger>("resolute", std::move(sink));
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::warn);
    return made;
}

std::shared_ptr<spdlog::logger>& logger() {
    static auto current = make(std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    return current;
}

spdlog::level::level_enum level_of(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warn: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
        case Level::off: return spdlog::level::off;
    }
    return spdlog::level::err;
}

}  // namespace

void set_level(Level level) { logger()->set_level(level_of(level)); }

void to_file(std::string const& path) {
    auto level = logger()->level();
    logger() = make(std::make_shared<spdlog::sinks::basic_file_sink_mt>(path));
    logger()->set_level(level);
}

void write(Level level, std::string_view message) { logger()->log(level_of(level), message); }

}  // namespace resolute::log
