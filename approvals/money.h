// Money as people read it: integer minor units and an ISO 4217 code become "EUR 1,480.00".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace resolute::approvals {

// Decimal places of a currency (ISO 4217, active codes); none for a code that does not exist.
std::optional<int> minor_digits(std::string_view currency);

// None when the currency is unknown: how many units make a whole is not guessed.
std::optional<std::string> format_money(std::int64_t minor, std::string_view currency);

}  // namespace resolute::approvals
