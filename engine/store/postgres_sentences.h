// What PostgreSQL's failures mean for the person who reads them, and what to do about each.
#pragma once

#include <string>
#include <string_view>

namespace resolute::store {

// Where a connection string points to, for messages: "database `app` at db.example:5432 as
// `resolute`". Never the password; throws StoreUnavailable when the string cannot be read.
std::string place_of(std::string const& url);
// The string with our limits on connecting and on dead peers, wherever it does not set its own.
std::string complete(std::string const& url, std::string const& application);

// `text` is what the client library says.
std::string sentence_of_connect_failure(std::string const& place, std::string_view text);
std::string sentence_of_lost_connection(std::string const& place, std::string_view text);
std::string sentence_of_refusal(std::string_view sqlstate, std::string_view statement,
                                std::string_view text);

// Whether this state says that the session ended, so that the statement's fate is unknown.
bool ends_session(std::string_view sqlstate);

}  // namespace resolute::store
