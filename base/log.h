// Diagnostics for operators: one line per event, key=value, never secrets, never payloads.
//
// Thread-safe. A thin front so that the logging library is compiled in one file only.
#pragma once

#include <string>
#include <string_view>

namespace resolute::log {

enum class Level { debug, info, warn, error, off };

void set_level(Level level);
void to_file(std::string const& path);  // default: standard error
void write(Level level, std::string_view message);

inline void debug(std::string_view message) { write(Level::debug, message); }
inline void info(std::string_view message) { write(Level::info, message); }
inline void warn(std::string_view message) { write(Level::warn, message); }
inline void error(std::string_view message) { write(Level::error, message); }

}  // namespace resolute::log
