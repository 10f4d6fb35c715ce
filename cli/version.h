// The version of this program, as `resolute --version` and the API say it.
#pragma once

namespace resolute::cli {

inline constexpr char version[] = "0.1.0";

}  // namespace resolute::cli
