// Every limit of the engine, in one place. Sizes in bytes, times in the unit of the name.
#pragma once

#include <cstddef>
#include <cstdint>

namespace resolute::limits {

// JSON from outside
inline constexpr std::size_t json_bytes = 32u << 20;  // a payload of a run, at most
inline constexpr std::size_t json_text_bytes = 33u << 20;  // a payload and what is around it
inline constexpr int json_depth = 128;  // nesting of arrays and objects
inline constexpr std::size_t schema_violations = 20;  // reported per validation
inline constexpr int schema_depth = 64;  // nesting of a JSON Schema document
inline constexpr std::size_t schema_bytes = 1u << 20;
inline constexpr std::size_t schema_pattern_bytes = 1024;  // one regular expression in a schema
// its size with counted repeats written out
inline constexpr std::size_t schema_pattern_states = 4096;
// a text matched by a pattern
inline constexpr std::size_t schema_pattern_subject_bytes = 16u << 10;
// keywords applied in one validation …
inline constexpr std::size_t schema_evaluations = 200'000;
// … and more for each value inside
inline constexpr std::size_t schema_evaluations_per_value = 20;
inline constexpr std::size_t schema_stack_bytes = 2u << 20;  // of recursive references
inline constexpr std::size_t violation_message_bytes = 240;

// Expressions
// larger ones are rounded by doubles
inline constexpr std::uint64_t exact_integer = std::uint64_t{1} << 53;
inline constexpr std::size_t expression_bytes = 4096;  // the text of one expression
inline constexpr std::size_t expression_depth = 64;  // nesting of brackets in it
inline constexpr std::size_t expression_input_bytes = 1u << 20;  // what one evaluation may look at
inline constexpr std::size_t expression_result_bytes = 1u << 20;  // what it may yield
inline constexpr std::size_t expression_message_bytes = 240;  // of what jq says when it fails
inline constexpr int native_expression_depth = 200;  // of its tree; deeper ones are left to jq
inline constexpr int expression_evaluate_ms = 200;  // of CPU, for one evaluation
inline constexpr int expression_compile_ms = 2000;  // of CPU; usually 20
// of wall time, on a machine that is overloaded
inline constexpr int expression_answer_ms = 20'000;
inline constexpr std::size_t expression_memory_bytes = 512u << 20;  // of the process that evaluates
inline constexpr std::size_t expression_programs = 64;  // kept compiled in each such process
inline constexpr std::size_t expression_processes = 4;  // kept when idle

// Histories
inline constexpr std::size_t event_body_bytes = 48u << 20;  // one encoded fact
// events of one commit that are stored in one row, and bytes of their bodies; one event at least
inline constexpr std::size_t history_row_events = 100;
inline constexpr std::size_t history_row_bytes = 64u << 10;
// what a stored row may say that it expands to: an event and what is around it
inline constexpr std::size_t history_content_bytes = 64u << 20;
// a value in it from this size on is stored once for its run, beside the events that hold it
inline constexpr std::size_t blob_bytes = 64u << 10;
// that a connection knows to be stored; more are sent again
inline constexpr std::size_t known_blobs = 10'000;
// histories whose end a connection knows; those of more are asked for
inline constexpr std::size_t known_ends = 100'000;
inline constexpr std::size_t facts_per_decision = 256;  // then the run yields to its neighbours
inline constexpr std::size_t batch_events = 500;  // one group commit
inline constexpr std::size_t batch_bytes = 4u << 20;

// HTTP, as a client and as a server
// start line and headers of one message
inline constexpr std::size_t http_header_bytes = 64u << 10;
inline constexpr std::size_t http_request_bytes = 33u << 20;  // body that our server accepts
inline constexpr std::size_t http_response_bytes = 32u << 20;  // body that our client accepts
inline constexpr std::size_t http_url_bytes = 8u << 10;  // one URL
inline constexpr int http_timeout_ms = 30'000;  // one exchange, unless the caller says otherwise
inline constexpr int http_idle_ms = 30'000;  // a pooled connection is kept this long
inline constexpr std::size_t http_connections_per_origin = 64;  // then requests wait their turn
inline constexpr std::size_t http_idle_per_origin = 16;  // pooled connections
// requests that wait for a connection; more are not sent
inline constexpr std::size_t http_waiting_per_origin = 10'000;
// larger requests are read from at once
inline constexpr std::size_t http_early_read_bytes = 64u << 10;
inline constexpr int http_interim_responses = 8;  // 1xx answers before the real one
inline constexpr std::size_t http_server_connections = 1024;  // then 503 with Retry-After
inline constexpr std::size_t http_server_refusals = 64;  // connections being told 503 at a time
// of all requests that are being read or answered; beyond it 503 with Retry-After
inline constexpr std::size_t http_server_body_bytes = 256u << 20;
// when all connections are taken, one that sent nothing whole for so long makes room
inline constexpr int http_server_evict_ms = 1'000;
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
// unsent bytes for its standard input
inline constexpr std::size_t process_queue_bytes = 32u << 20;
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
// waiting or under way at one server; more are not sent
inline constexpr std::size_t mcp_requests = 1'000;
inline constexpr std::size_t mcp_excerpt_bytes = 200;  // of a bad line, in a message for people

// A private PostgreSQL server
inline constexpr int postgres_version = 15;  // oldest major version that we run on
// making the data; then from start to first answer
inline constexpr int postgres_start_ms = 60'000;
inline constexpr int postgres_stop_ms = 20'000;  // a stop in good order, then it is forced
inline constexpr int postgres_ping_ms = 10;  // between two attempts to connect at start
inline constexpr std::size_t socket_path_bytes = 107;  // of a Unix socket, set by the system
inline constexpr std::size_t postgres_log_lines = 8;  // of the server's log in an error message

// Model calls
inline constexpr int model_timeout_ms = 120'000;  // one question
inline constexpr int model_attempts = 4;  // repairs and repeats together
inline constexpr int model_retry_ms = 1'000;  // after an unreachable backend
// of an invalid answer, shown back and recorded
inline constexpr std::size_t model_repair_bytes = 8u << 10;
inline constexpr std::size_t model_answer_bytes = 4u << 20;  // body of one answer
inline constexpr std::size_t model_excerpt_bytes = 2'000;  // of what a model server says went wrong
inline constexpr std::size_t model_concurrency = 64;  // questions to one backend at a time
inline constexpr std::size_t model_queue = 10'000;  // that wait for one of these places
inline constexpr int retry_after_longest_ms = 300'000;

// Console and API
inline constexpr std::size_t steps_shown = 2'000;  // of one run; the latest
inline constexpr std::size_t page_default = 50;  // items of a list
inline constexpr std::size_t page_longest = 500;
// of one value of a run or an event; a larger one is shown by its size, and whole on its own
inline constexpr std::size_t shown_value_bytes = 64u << 10;
// changes that a reconnecting browser can catch up on
inline constexpr std::size_t stream_backlog = 1'000;
inline constexpr std::size_t streams = 256;  // browsers that watch at a time
// between two deliveries; what changed meanwhile goes together
inline constexpr int stream_pause_ms = 100;
inline constexpr int stream_heartbeat_ms = 15'000;
inline constexpr std::size_t api_backlog = 1'000;  // requests that wait; beyond it 503
inline constexpr int wait_poll_ms = 50;  // of a command that waits
inline constexpr std::size_t digest_prefix = 8;  // hexadecimal digits that name a definition
inline constexpr int decision_wait_ms = 15'000;  // until the engine has taken a decision
inline constexpr int watch_poll_ms = 500;  // of `resolute dev` looking at its files

// Memory steps
inline constexpr int memory_timeout_ms = 10'000;
inline constexpr int memory_attempts = 5;
inline constexpr int recall_items = 50;  // of one recall
inline constexpr std::size_t memory_queue = 10'000;  // memory steps that wait

// new events and new listeners that one statement brings together, and statements in a row
inline constexpr int events_matched = 1'000;
inline constexpr int event_matches = 20;

// Snapshots and recovery
// events folded since the last snapshot, then another one is worth its row: of a run that parks …
inline constexpr std::uint64_t snapshot_events_parked = 256;
// … and of one that keeps moving
inline constexpr std::uint64_t snapshot_events_moving = 10'000;
inline constexpr std::size_t snapshot_bytes = 64u << 20;  // a larger state is folded instead
// and another one is taken when that many bytes of it fall on each event since the last
inline constexpr std::uint64_t snapshot_bytes_per_event = 512;
// a run that waits for other runs stays in memory for so long, as they may be quick …
inline constexpr int linger_ms = 1'000;
// … unless there are more runs in its shard
inline constexpr std::size_t lingering_runs = 1'000;
inline constexpr std::size_t snapshots_waiting = 1'000;  // to be written; more are dropped
inline constexpr std::size_t snapshots_per_write = 50;
inline constexpr std::size_t events_per_load = 10'000;  // of one run, read and folded at a time
inline constexpr std::size_t load_bytes = 16u << 20;  // of their bodies; one event at least
inline constexpr std::size_t runs_per_load = 100;  // read by one query
inline constexpr std::size_t recovery_in_flight = 2'000;  // runs being brought back at a time
inline constexpr std::size_t bundle_events = 20;  // the last ones of a run that is set aside
// a run on probation is given this long before the next one is tried beside it
inline constexpr int probation_turn_ms = 1'000;
inline constexpr int probation_longest_s = 600;  // without harm, then it is trusted again
// of the process with this run alone, then the run is set aside
inline constexpr int probation_deaths = 2;
inline constexpr int hurried_poll_ms = 20;  // of the store, while there is more than one page
// a timer further away is left to the store's poll: a parked run takes no memory
inline constexpr int timer_horizon_ms = 2'000;

// The engine's loop
// then what was recorded goes to the committers; a run first does what it can without waiting
inline constexpr std::size_t inputs_per_flush = 64;
// inputs waiting; beyond it new messages are refused
inline constexpr std::size_t loop_backlog = 20'000;
// appends and bytes that wait for the committers; beyond either new messages are refused
inline constexpr std::size_t commit_backlog = 50'000;
inline constexpr std::size_t commit_backlog_bytes = 256u << 20;
// beyond it new runs are refused, and those that are due wait in the store
inline constexpr std::size_t runs_in_memory = 50'000;
// events of one run, and of one shard, that no commit has confirmed; beyond either the run goes no
// further ahead: its reads wait for the commit like writes
inline constexpr std::size_t run_uncommitted_events = 1'000;
inline constexpr std::size_t shard_uncommitted_events = 4'000;
inline constexpr std::size_t run_signals = 1'000;  // of one run, received and not awaited yet
// later ones are found by the store's poll
inline constexpr std::size_t timers_in_memory = 100'000;
inline constexpr std::size_t wake_page = 1'000;  // runs or messages taken from the store at once
inline constexpr std::size_t recovery_page = 500;  // runs taken over with a shard at once
inline constexpr int store_retry_first_ms = 20;  // after a failed commit, doubling
inline constexpr int store_retry_longest_ms = 1'000;

// Workflow documents
inline constexpr std::size_t yaml_bytes = 1u << 20;  // one file
inline constexpr int yaml_depth = 100;  // nesting of lists and maps
inline constexpr std::size_t yaml_nodes = 100'000;  // values of one file, aliases written out
inline constexpr int child_depth = 32;  // runs that start runs that start runs
inline constexpr int step_depth = 32;  // nesting of steps
inline constexpr std::size_t step_name_bytes = 128;  // the name of a step or a variable
inline constexpr std::int64_t longest_wait_days = 3650;  // a duration in a workflow
inline constexpr int retries = 1000;  // of one `try`, when the author sets no count
inline constexpr std::int64_t retry_delay_s = 86'400;  // between two tries, however it grows
inline constexpr std::size_t fork_branches = 10'000;  // of one `fork`
inline constexpr std::size_t map_items = 1'000'000;  // of one `call: map`
inline constexpr std::int64_t map_concurrency = 1'000;  // runs of one under way at a time
inline constexpr int map_concurrency_default = 16;

// Schedules
inline constexpr int schedule_shortest_ms = 1'000;  // an interval
inline constexpr std::size_t schedules_per_look = 100;  // read from the store at once
// fires, and events, of one schedule that are decided in one transaction
inline constexpr std::size_t schedule_fires_per_step = 100;
inline constexpr std::size_t schedule_events_per_step = 100;
inline constexpr int schedule_poll_ms = 500;  // of the store, for what nobody told
inline constexpr int schedule_recheck_ms = 1'000;  // whether the run that it waits for is over
inline constexpr int schedule_retry_ms = 30'000;  // when its definition cannot be used
inline constexpr int schedule_late_s = 60;  // a fire may always come so late
inline constexpr int schedule_catch_up_s = 600;  // the same, unless its author says otherwise
inline constexpr std::size_t schedule_recent = 20;  // fires that a schedule remembers
inline constexpr std::size_t schedule_triggers = 100;  // by hand, not yet taken up
inline constexpr std::size_t schedule_collected = 1'000;  // events for one run

// Webhooks
inline constexpr std::size_t webhooks = 100;  // that one process is told to send to
inline constexpr std::size_t webhook_types = 100;  // patterns of one
inline constexpr std::size_t webhook_events_per_look = 500;  // of each, sorted by who wants them
inline constexpr std::size_t webhook_places = 8;  // requests to one receiver at a time
inline constexpr int webhook_poll_ms = 5'000;  // of the store, for what nobody told
// the same while there are events of transactions that are not all over
inline constexpr int webhook_unsettled_ms = 100;
inline constexpr int webhook_timeout_ms = 10'000;  // one attempt, unless the operator says
inline constexpr int webhook_longest_timeout_ms = 60'000;
// what a process has begun to send and died over is sent again so long after its time was over
inline constexpr int webhook_claim_margin_ms = 3'000;
inline constexpr int webhook_attempts = 20;  // of one event, about half a day
inline constexpr int webhook_most_attempts = 100;  // that the operator may ask for
inline constexpr int webhook_first_pause_ms = 1'000;  // after a failure, doubling
inline constexpr int webhook_longest_pause_s = 3'600;
// failures in a row, then only one event at a time tries whether the receiver is back …
inline constexpr int webhook_failures = 5;
inline constexpr int webhook_longest_hold_s = 60;  // … after a pause that doubles up to this
inline constexpr std::size_t webhook_answer_bytes = 64u << 10;  // of a receiver; it is not read
inline constexpr std::size_t webhook_why_bytes = 300;  // of what is kept about a failure
inline constexpr int webhook_farewell_ms = 2'000;  // that the end of a process waits for answers

// Workflows that are code
inline constexpr std::size_t resident_coroutines = 10'000;  // kept; others are replayed when needed
inline constexpr std::size_t difference_value_bytes = 200;  // of one value that differs, shown
inline constexpr std::size_t differences_shown = 8;  // places where two values differ
inline constexpr int activity_threads = 8;  // that run activities in C++
inline constexpr std::size_t forked_events = 10'000;  // that a run may share with its fork
inline constexpr std::size_t activity_queue = 10'000;  // activities in C++ that wait for a thread

// Limits on runs with the same key
inline constexpr std::size_t places_per_run = 8;  // keys of one run
inline constexpr std::int64_t places_given = 1'000;  // under one key by one statement
inline constexpr std::int64_t place_keys = 1'000;  // that one statement looks at
inline constexpr std::int64_t places_most = 100'000;  // that an author may allow under a key
inline constexpr std::int64_t place_rate_s = 86'400;  // the time that a rate looks back, at most
inline constexpr std::size_t place_key_bytes = 256;  // of the value of an expression
inline constexpr std::int64_t place_priority = 1'000;  // from minus this to this

// Policies and approvals
// one `when`, or one other expression of a rule
inline constexpr std::size_t policy_condition_bytes = 4096;
inline constexpr int policy_condition_depth = 32;  // nesting of parentheses in it
inline constexpr std::size_t policy_rules = 10'000;  // of all policies together
// of one schema, looked through for one field
inline constexpr std::size_t policy_schema_parts = 1000;
inline constexpr std::size_t policy_near_misses = 5;  // kept in a decision
inline constexpr std::size_t policy_actual_bytes = 200;  // of one value in an explanation
inline constexpr int approval_quorum = 10;  // people who must sign, at most
inline constexpr int approval_expires_s = 24 * 3600;  // when the rule does not say
inline constexpr std::size_t approval_evidence = 5;  // quotes on one card
// of one quote, then it is cut and says so
inline constexpr std::size_t approval_quote_bytes = 4000;
inline constexpr std::size_t approval_claims = 5;  // of models, on one card
inline constexpr std::size_t approval_changes = 20;  // before and after, on one card
inline constexpr std::size_t approval_fields = 200;  // of one card; more cannot be inspected
inline constexpr std::size_t approval_arguments_bytes = 64u << 10;  // more cannot be inspected
inline constexpr std::size_t approval_sentence_value = 80;  // characters of one value in a sentence
inline constexpr std::size_t decision_comment_bytes = 4000;  // of a person's decision
inline constexpr std::size_t person_name_bytes = 200;  // of who decides

// The event store
inline constexpr int postgres_connect_s = 5;  // to reach the server
inline constexpr int postgres_keepalive_s = 10;  // silence before a probe, and between probes
// unacknowledged bytes, then the peer counts as gone
inline constexpr int postgres_dead_peer_ms = 20'000;
inline constexpr int postgres_idle_transaction_ms = 30'000;  // the server then ends the session
inline constexpr int append_attempts = 5;  // of one batch: conflicts, deadlocks, lost connections
inline constexpr std::size_t list_page = 1'000;  // rows of one answer to the console or the CLI
inline constexpr int inbox_kept_hours = 48;  // consumed messages, so that a late duplicate is known
// messages that no run has taken yet; beyond it new ones are refused
inline constexpr std::size_t inbox_messages = 100'000;
inline constexpr int partitions_ahead_months = 3;  // of the event table

// Tools
inline constexpr std::size_t tool_name_bytes = 128;  // of a tool or a version
inline constexpr int tool_attempts = 100;  // of one call, at most
inline constexpr int tool_concurrency = 10'000;  // calls of one tool at a time, at most
inline constexpr std::size_t tool_queue = 10'000;  // calls that wait for one of these places
inline constexpr std::size_t tool_places = 64;  // calls at a time, when the contract sets no bound
inline constexpr std::size_t tool_programs = 16;  // the same, of a tool that is a program
inline constexpr std::size_t tool_answer_bytes = 8u << 20;  // one answer
inline constexpr std::size_t tool_excerpt_bytes = 2'000;  // of a bad answer, kept as evidence
inline constexpr int tool_busy_retry_s = 1;  // when that queue is full
inline constexpr int postponed_longest_s = 60;  // between two tries of a call that was not sent
inline constexpr int breaker_failures = 1'000;  // in a row before a breaker opens, at most
inline constexpr std::int64_t retry_after_s = 86'400;  // that a system may ask us to wait
inline constexpr std::size_t rehearsal_events = 100'000;  // of a test's run, then it is no test
inline constexpr std::size_t secret_bytes = 6;  // a shorter value is no secret: it is in every text

}  // namespace resolute::limits
