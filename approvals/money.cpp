#include "approvals/money.h"

namespace resolute::approvals {
namespace {

constexpr std::string_view without_decimals =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr std::string_view with_three = "BHD IQD JOD KWD LYD OMR TND";
constexpr std::string_view with_four = "CLF UYW";
constexpr std::string_view with_two =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CNY "
    "COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD "
    "HNL HTG HUF IDR ILS INR IRR "
    "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MXV MYR MZN NAD NGN NIO "
    "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SVC SYP SZL THB TJS "
    "TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWL";

bool lists(std::string_view list, std::string_view code) {
    auto const at = list.find(code);
    return at != std::string_view::npos && at % 4 == 0;
}

}  // namespace

std::optional<int> minor_digits(std::string_view currency) {
    if (currency.size() != 3) return std::nullopt;
    if (lists(with_two, currency)) return 2;
    if (lists(without_decimals, currency)) return 0;
    if (lists(with_three, currency)) return 3;
    if (lists(with_four, currency)) return 4;
    return std::nullopt;
}

std::optional<std::string> format_money(std::int64_t minor, std::string_view currency) {
    auto const places = minor_digits(currency);
    if (!places) return std::nullopt;
    auto const size =
        minor < 0 ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
    auto digits = std::to_string(size);
    auto const count = static_cast<std::size_t>(*places);
    if (digits.size() <= count) digits.insert(0, count + 1 - digits.size(), '0');
    auto whole = digits.substr(0, digits.size() - count);
    for (auto at = whole.size(); at > 3; at -= 3) whole.insert(at - 3, 1, ',');
    auto text = std::string(currency) + (minor < 0 ? " -" : " ") + whole;
    return count == 0 ? text : text + "." + digits.substr(digits.size() - count);
}

}  // namespace resolute::approvals
