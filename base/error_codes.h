// Every stable error code that a person or a program may see. Codes are never renamed.
#pragma once

namespace resolute::codes {

// input from outside
inline constexpr char malformed_json[] = "malformed_json";
inline constexpr char malformed_time[] = "malformed_time";
inline constexpr char malformed_url[] = "malformed_url";
inline constexpr char malformed_message[] = "malformed_message";  // not a JSON-RPC message
inline constexpr char schema_invalid[] = "schema_invalid";        // the schema itself cannot be used
inline constexpr char schema_violation[] = "schema_violation";    // a value breaks its schema
inline constexpr char not_canonical[] = "not_canonical";          // no canonical form exists

}  // namespace resolute::codes
