// The stable codes of why a run is where it is. Never renamed; programs compare them.
#pragma once

namespace resolute::console::causes {

// it waits, and that is as it should be
inline constexpr char waits_for_answer[] = "waits_for_answer";  // of a call that is under way
inline constexpr char waits_for_approval[] = "waits_for_approval";  // of a person
inline constexpr char waits_for_person[] =
    "waits_for_person";  // who finds out what became of a call
inline constexpr char waits_for_signal[] = "waits_for_signal";
inline constexpr char waits_for_timer[] = "waits_for_timer";
inline constexpr char waits_for_run[] = "waits_for_run";  // that a step of it started
inline constexpr char waits_for_event[] = "waits_for_event";
inline constexpr char waits_for_place[] = "waits_for_place";  // among the runs with the same key
inline constexpr char paused[] = "paused";  // a person paused it
inline constexpr char settling[] = "settling";  // the outcome of a call is unknown and asked for

// something outside keeps it
inline constexpr char retrying[] = "retrying";  // a call failed and is tried again
inline constexpr char breaker_open[] = "breaker_open";  // its tool did not answer lately
inline constexpr char tool_limit[] = "tool_limit";  // too many calls of its tool at a time
inline constexpr char model_unreachable[] = "model_unreachable";

// the engine keeps it
inline constexpr char shard_unowned[] = "shard_unowned";  // nobody serves it
inline constexpr char owner_lease_lost[] = "owner_lease_lost";  // who did has not been heard of
inline constexpr char owner_behind[] = "owner_behind";  // due, and its owner did not take it up
inline constexpr char quarantined[] = "quarantined";
inline constexpr char code_missing[] = "code_missing";  // its workflow is code of another program
inline constexpr char definition_missing[] = "definition_missing";

}  // namespace resolute::console::causes
