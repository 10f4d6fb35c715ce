#include "engine/store/postgres_sentences.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "base/limits.h"
#include "engine/event_store.h"

namespace resolute::store {
namespace {

using Settings = std::map<std::string, std::string>;

Settings parse(std::string const& url) {
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> const parsed(
        PQconninfoParse(url.c_str(), nullptr), PQconninfoFree);
    if (!parsed)  // libpq's own message would quote the string
        throw StoreUnavailable(
            "The database URL cannot be read. Write it as postgresql://user@host:5432/database, or "
            "as "
            "keywords such as `host=/var/run/postgresql dbname=resolute`.");
    Settings settings;
    for (auto const* option = parsed.get(); option->keyword; ++option)
        if (option->val) settings[option->keyword] = option->val;
    return settings;
}

std::string value_or(Settings const& settings, std::string const& key, std::string fallback) {
    auto const found = settings.find(key);
    return found == settings.end() || found->second.empty() ? std::move(fallback) : found->second;
}

std::string quoted(std::string const& value) {
    std::string text = "'";
    for (char const c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

// The server's first line without its "ERROR:" or "FATAL:"; the rest may quote rows.
std::string first_line(std::string_view text) {
    auto line = text.substr(0, text.find('\n'));
    for (std::string_view mark : {"ERROR:  ", "FATAL:  ", "PANIC:  ", "Failure during '"})
        if (auto const at = line.find(mark); at != line.npos) line.remove_prefix(at + mark.size());
    return std::string(line);
}

struct Remedy {
    std::string_view sign;
    std::string_view sentence;
};

// libpq gives no code for a failed connection, so its words must do.
constexpr std::array connect_remedies{
    Remedy{"password authentication failed",
           "The user name or the password is wrong. Correct the database URL "
           "(RESOLUTE_DATABASE_URL)."},
    Remedy{"no password supplied",
           "The server wants a password. Put it into the database URL, or into ~/.pgpass."},
    Remedy{"Peer authentication failed",
           "The server accepts this user only from the operating-system account of the same name. "
           "Run as that account or use a password."},
    Remedy{"no pg_hba.conf entry",
           "The server does not let this user in from here. Add a line to its pg_hba.conf."},
    Remedy{"role \"",
           "There is no such user. Create it (`createuser NAME`) or correct the database URL."},
    Remedy{"database \"",
           "There is no such database. Create it (`createdb NAME`) or correct the database URL."},
    Remedy{
        "Connection refused",
        "No server answers there. Start PostgreSQL, or correct host and port in the database URL."},
    Remedy{"No such file or directory",
           "No server listens on that socket. Start PostgreSQL, or correct the host in the "
           "database URL."},
    Remedy{"Permission denied",
           "This account may not open the server's socket. Check the rights of its folder."},
    Remedy{"could not translate host name",
           "The host name is unknown. Correct the host in the database URL."},
    Remedy{"timeout expired",
           "The server did not answer in time. Check that it runs and that no firewall is in "
           "between."},
    Remedy{"starting up", "The server is still starting. Try again in a moment."},
    Remedy{"shutting down", "The server is shutting down. Start it again."},
    Remedy{"in recovery mode", "The server is recovering from a crash. Try again in a moment."},
    Remedy{"too many",
           "The server has no connection left. Raise its max_connections or stop what holds them."},
    Remedy{"remaining connection slots",
           "The server has no connection left. Raise its max_connections or stop what holds them."},
    Remedy{
        "SSL",
        "The encrypted connection failed. Check sslmode and the certificates in the database URL."},
};

constexpr std::array refusal_remedies{
    Remedy{"3F000", "The database has no Resolute schema. Run `resolute migrate`."},
    Remedy{"42P01", "A table is missing. Run `resolute migrate`."},
    Remedy{"42883", "A function is missing. Run `resolute migrate`."},
    Remedy{"42703", "A column is missing. Run `resolute migrate`."},
    Remedy{"42501", "The database user lacks a right. Grant it on the schema `resolute`."},
    Remedy{"25006", "This server is a read-only standby. Point the database URL at the primary."},
    Remedy{"57014",
           "The statement took too long and was cancelled. Look for locks in pg_stat_activity."},
    Remedy{"55P03", "A lock was not free in time. Look for what holds it in pg_stat_activity."},
    Remedy{"53100", "The server's disk is full. Free some space."},
    Remedy{"53200", "The server is out of memory."},
    Remedy{"53300",
           "The server has no connection left. Raise its max_connections or stop what holds them."},
};

}  // namespace

std::string place_of(std::string const& url) {
    auto const settings = parse(url);
    auto const host =
        value_or(settings, "host", value_or(settings, "hostaddr", "the default socket"));
    auto place = "database `" +
                 value_or(settings, "dbname", value_or(settings, "user", "(default)")) + "` at " +
                 host;
    if (!host.starts_with('/')) place += ":" + value_or(settings, "port", "5432");
    if (settings.contains("user")) place += " as `" + settings.at("user") + "`";
    return place;
}

std::string complete(std::string const& url, std::string const& application) {
    auto settings = parse(url);
    settings.emplace("application_name", application);
    settings.emplace("client_encoding", "UTF8");
    settings.emplace("connect_timeout", std::to_string(limits::postgres_connect_s));
    settings.emplace("keepalives_idle", std::to_string(limits::postgres_keepalive_s));
    settings.emplace("keepalives_interval", std::to_string(limits::postgres_keepalive_s));
    settings.emplace("keepalives_count", "3");
    settings.emplace("tcp_user_timeout", std::to_string(limits::postgres_dead_peer_ms));
    std::string text;
    for (auto const& [key, value] : settings) text += key + "=" + quoted(value) + " ";
    return text;
}

std::string sentence_of_connect_failure(std::string const& place, std::string_view text) {
    auto sentence = "Cannot connect to " + place + ": ";
    for (auto const& [sign, remedy] : connect_remedies)
        if (text.find(sign) != text.npos) return sentence.append(remedy);
    return sentence + first_line(text);
}

std::string sentence_of_lost_connection(std::string const& place, std::string_view text) {
    return "The connection to " + place + " was lost: " + first_line(text);
}

std::string sentence_of_refusal(std::string_view sqlstate, std::string_view statement,
                                std::string_view text) {
    std::string sentence =
        "PostgreSQL refused `" + std::string(statement) + "`: " + first_line(text) + ". ";
    auto const found = std::ranges::find(refusal_remedies, sqlstate, &Remedy::sign);
    if (found != refusal_remedies.end())
        sentence += found->sentence;
    else
        sentence += "(SQLSTATE " + std::string(sqlstate) + ")";
    return sentence;
}

bool ends_session(std::string_view sqlstate) {
    return sqlstate.empty() || sqlstate.starts_with("08") || sqlstate.starts_with("57P") ||
           sqlstate == "40003";
}

}  // namespace resolute::store
