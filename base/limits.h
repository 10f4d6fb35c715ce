// Every limit of the engine, in one place. Sizes in bytes, times in the unit of the name.
#pragma once

#include <cstddef>
#include <cstdint>

namespace resolute::limits {

// JSON from outside
inline constexpr std::size_t json_bytes = 32u << 20;  // a payload of a run, at most
inline constexpr int json_depth = 128;                // nesting of arrays and objects
inline constexpr std::size_t schema_violations = 20;  // reported per validation
inline constexpr int schema_depth = 64;               // nesting of a JSON Schema document
inline constexpr std::size_t schema_bytes = 1u << 20;
inline constexpr std::size_t schema_pattern_bytes = 1024;  // one regular expression in a schema
inline constexpr std::size_t schema_pattern_states = 4096;  // its size with counted repeats written out
inline constexpr std::size_t schema_pattern_subject_bytes = 16u << 10;  // a text matched by a pattern
inline constexpr std::size_t schema_evaluations = 10'000'000;  // keywords applied in one validation
inline constexpr std::size_t schema_stack_bytes = 2u << 20;    // of recursive references
inline constexpr std::size_t violation_message_bytes = 240;

// Histories
inline constexpr std::size_t event_body_bytes = 48u << 20;   // one encoded fact
inline constexpr std::size_t facts_per_decision = 256;       // then the run yields to its neighbours
inline constexpr std::size_t batch_events = 500;             // one group commit
inline constexpr std::size_t batch_bytes = 4u << 20;

// HTTP, as a client and as a server
inline constexpr std::size_t http_header_bytes = 64u << 10;  // start line and headers of one message
inline constexpr std::size_t http_request_bytes = 16u << 20;  // body that our server accepts
inline constexpr std::size_t http_response_bytes = 32u << 20;  // body that our client accepts
inline constexpr std::size_t http_url_bytes = 8u << 10;  // one URL
inline constexpr int http_timeout_ms = 30'000;  // one exchange, unless the caller says otherwise
inline constexpr int http_idle_ms = 30'000;  // a pooled connection is kept this long
inline constexpr std::size_t http_connections_per_origin = 64;  // then requests wait their turn
inline constexpr std::size_t http_idle_per_origin = 16;  // pooled connections
inline constexpr int http_interim_responses = 8;  // 1xx answers before the real one
inline constexpr std::size_t http_server_connections = 1024;  // then 503 with Retry-After
inline constexpr std::size_t http_server_refusals = 64;  // connections being told 503 at a time
inline constexpr int http_server_retry_after_s = 1;  // what a refused client is told to wait
inline constexpr int http_server_header_ms = 10'000;  // to send a request's headers
inline constexpr int http_server_body_ms = 30'000;  // to send a request's body
inline constexpr int http_server_idle_ms = 60'000;  // between two requests; over http_idle_ms
inline constexpr int http_server_write_ms = 30'000;  // to take what we write
inline constexpr int http_server_linger_ms = 1'000;  // to read a refusal before we close
inline constexpr int http_server_grace_ms = 5'000;  // for requests in flight when we stop
inline constexpr int http_server_accept_pause_ms = 100;  // after accept failed
inline constexpr std::size_t http_stream_bytes = 1u << 20;  // unsent bytes of one event stream

// Child processes
inline constexpr std::size_t process_line_bytes = 8u << 20;  // one line of output, then it is cut
inline constexpr std::size_t process_queue_bytes = 32u << 20;  // unsent bytes for its standard input
inline constexpr int process_grace_ms = 2'000;  // between SIGTERM and SIGKILL
inline constexpr int process_drain_ms = 500;  // to read what a dead child left in its pipes

// Model Context Protocol
inline constexpr int mcp_pages = 64;  // of one tools/list
inline constexpr std::size_t mcp_tools = 1024;  // of one server
inline constexpr std::size_t mcp_page_tools = 100;  // of one page that our server sends
inline constexpr int mcp_handshake_ms = 30'000;  // from start to ready; npx may download first
inline constexpr int mcp_request_ms = 30'000;  // one request, unless the caller says otherwise
inline constexpr int mcp_restart_first_ms = 100;  // pause before a dead server starts again
inline constexpr int mcp_restart_most_ms = 30'000;  // the pause doubles up to this
inline constexpr std::size_t mcp_abandoned = 1024;  // ids whose late answer is still recognised
inline constexpr std::size_t mcp_excerpt_bytes = 200;  // of a bad line, in a message for people

// A private PostgreSQL server
inline constexpr int postgres_version = 15;        // oldest major version that we run on
inline constexpr int postgres_start_ms = 60'000;   // making the data; then from start to first answer
inline constexpr int postgres_stop_ms = 20'000;    // a stop in good order, then it is forced
inline constexpr int postgres_ping_ms = 10;        // between two attempts to connect at start
inline constexpr std::size_t postgres_log_lines = 8;  // of the server's log in an error message

}  // namespace resolute::limits
