// Every stable error code that a person or a program may see. Codes are never renamed.
#pragma once

namespace resolute::codes {

// input from outside
inline constexpr char malformed_json[] = "malformed_json";
inline constexpr char malformed_time[] = "malformed_time";
inline constexpr char malformed_url[] = "malformed_url";
inline constexpr char malformed_message[] = "malformed_message";  // not a JSON-RPC message
inline constexpr char schema_invalid[] = "schema_invalid";  // the schema itself cannot be used
inline constexpr char schema_violation[] = "schema_violation";  // a value breaks its schema
inline constexpr char not_canonical[] = "not_canonical";  // no canonical form exists

// workflow documents
inline constexpr char malformed_yaml[] = "malformed_yaml";
// of the language, but not of this version
inline constexpr char unsupported_construct[] = "unsupported_construct";
inline constexpr char unknown_key[] = "unknown_key";
inline constexpr char missing_key[] = "missing_key";
inline constexpr char wrong_type[] = "wrong_type";  // text where a list is wanted
inline constexpr char invalid_value[] = "invalid_value";
inline constexpr char invalid_name[] = "invalid_name";  // of a step, a variable, a workflow
inline constexpr char duplicate_name[] = "duplicate_name";
// nothing in this file has that name
inline constexpr char unknown_reference[] = "unknown_reference";
inline constexpr char unknown_function[] = "unknown_function";
inline constexpr char unknown_tool[] = "unknown_tool";
inline constexpr char unknown_model[] = "unknown_model";
inline constexpr char unknown_policy[] = "unknown_policy";
inline constexpr char invalid_expression[] = "invalid_expression";
inline constexpr char unreachable_step[] = "unreachable_step";
// `${` in text that is not an expression
inline constexpr char suspicious_text[] = "suspicious_text";
inline constexpr char suspicious_flow[] = "suspicious_flow";  // legal, and hardly what was meant
inline constexpr char unsafe_write[] = "unsafe_write";  // its outcome could never be learnt

// expressions, as they are evaluated
// jq's own errors: wrong types and the like
inline constexpr char expression_failed[] = "expression_failed";
inline constexpr char expression_not_one_value[] = "expression_not_one_value";  // none, or several
inline constexpr char expression_inexact[] = "expression_inexact";  // an integer would be rounded
// what it looks at or yields
inline constexpr char expression_too_large[] = "expression_too_large";
inline constexpr char expression_too_long[] = "expression_too_long";  // it ran out of time
inline constexpr char expression_crashed[] = "expression_crashed";  // it ran out of memory or stack
// jq could not be started
inline constexpr char expression_unavailable[] = "expression_unavailable";

// policies, as they are loaded
inline constexpr char unknown_field[] = "unknown_field";  // no schema declares the path
inline constexpr char never_holds[] = "never_holds";  // by the schema of what is compared
// a warning: the schema does not require it
inline constexpr char may_be_missing[] = "may_be_missing";
inline constexpr char slow_condition[] = "slow_condition";  // a warning: evaluated outside
// a warning: jq orders null below numbers
inline constexpr char lenient_comparison[] = "lenient_comparison";

// policies, as they decide
inline constexpr char permitted_by_rule[] = "permitted_by_rule";
inline constexpr char permitted_read[] = "permitted_read";  // reads need no rule
inline constexpr char approval_required[] = "approval_required";
inline constexpr char denied_by_rule[] = "denied_by_rule";
inline constexpr char denied_by_default[] = "denied_by_default";  // no rule permits it
inline constexpr char policy_error[] = "policy_error";  // followed by `:` and the rule
inline constexpr char tool_unknown_to_policy[] = "tool_unknown_to_policy";
inline constexpr char effect_unknown[] = "effect_unknown";
inline constexpr char arguments_malformed[] = "arguments_malformed";
inline constexpr char obligation_unmet[] = "obligation_unmet";  // followed by `:` and its name
// nobody who is asked may approve
inline constexpr char approval_impossible[] = "approval_impossible";

// approvals
inline constexpr char binding_incomplete[] = "binding_incomplete";
inline constexpr char approval_uninspectable[] = "approval_uninspectable";
inline constexpr char decision_malformed[] = "decision_malformed";

// of resolute.yaml, a flag or the environment
inline constexpr char invalid_setting[] = "invalid_setting";

// more than is taken on; nothing was done, and it may be sent again in a moment
inline constexpr char overloaded[] = "overloaded";
inline constexpr char too_many_signals[] = "too_many_signals";  // that a run has not awaited yet

// runs, as they go
inline constexpr char timed_out[] = "timed_out";  // a `timeout` of the workflow is over
inline constexpr char not_paused[] = "not_paused";
inline constexpr char cannot_fork[] = "cannot_fork";  // a run, at that place
inline constexpr char moved_on[] = "moved_on";  // since what was asked for was checked
inline constexpr char follows_code[] = "follows_code";  // a run, and only its program can tell
inline constexpr char no_handler[] = "no_handler";  // nothing here performs such calls
inline constexpr char activity_refused[] = "activity_refused";  // it says that nothing was done
inline constexpr char activity_threw[] = "activity_threw";  // it does not say what was done
inline constexpr char workflow_threw[] = "workflow_threw";  // code that is a workflow
inline constexpr char run_cancelled[] = "run_cancelled";  // so its workflow ends what it began
inline constexpr char unknown_workflow[] = "unknown_workflow";
inline constexpr char child_cancelled[] = "child_cancelled";  // a run that a step waited for
inline constexpr char nested_too_deep[] = "nested_too_deep";  // runs that start runs
// of a `map` that stopped before it came to this item
inline constexpr char item_not_started[] = "item_not_started";
inline constexpr char too_large[] = "too_large";  // what a step came to
inline constexpr char compensation_failed[] = "compensation_failed";  // an effect still stands

// tools, as they are declared
inline constexpr char unknown_variable[] = "unknown_variable";  // `${NAME}` has no value

// tools, as they are called
// the gate broke; nothing passes a broken gate
inline constexpr char gate_failed[] = "gate_failed";
// nobody has the contract of this intent
inline constexpr char contract_missing[] = "contract_missing";
inline constexpr char binding_mismatch[] = "binding_mismatch";  // not what was recorded or approved
inline constexpr char past_deadline[] = "past_deadline";  // too late to send
// it did not answer lately: its breaker is open
inline constexpr char tool_paused[] = "tool_paused";
inline constexpr char tool_busy[] = "tool_busy";  // too many calls wait for it
inline constexpr char tool_drift[] = "tool_drift";  // its server describes it otherwise than before
inline constexpr char tool_refused[] = "tool_refused";  // it said no: surely not applied
inline constexpr char idempotency_key_reused[] = "idempotency_key_reused";  // with other arguments
inline constexpr char not_sent[] = "not_sent";
inline constexpr char no_answer[] = "no_answer";
inline constexpr char bad_answer[] = "bad_answer";  // no answer that its contract allows

}  // namespace resolute::codes
