#include "workflow/read_authentication.h"

#include <algorithm>
#include <regex>

#include "base/spelling.h"
#include "workflow/read_http.h"

namespace resolute::workflow {
namespace {

using Members = std::map<std::string, Template>;

Template one(std::string const& name, Template value) {
    Members members;
    members.emplace(name, std::move(value));
    return Template::map(std::move(members));
}

bool check_secret(Reading& reading, Node const& at, std::string const& name) {
    auto const& known = reading.offers.secrets;
    if (std::ranges::find(known, name) != known.end()) return true;
    auto const near = did_you_mean(name, known);
    reading.problems.error(at, codes::unknown_reference, "`use.secrets` has no `" + name + "`.",
                           near.empty() ? "Add it there." : near.substr(1));
    return false;
}

// The names after `$secrets.`; reports what is read in any other way.
void check_secrets_in(Reading& reading, Node const& node, std::string const& text) {
    static std::regex const mention(
        R"re(\$secrets(\.([A-Za-z_][A-Za-z0-9_]*)|\s*\.?\s*\[\s*"([^"\\]+)"\s*\])?)re");
    for (auto it = std::sregex_iterator(text.begin(), text.end(), mention);
         it != std::sregex_iterator(); ++it) {
        auto const name = (*it)[2].matched ? (*it)[2].str() : (*it)[3].str();
        if (name.empty())
            reading.problems.error(node, codes::invalid_expression,
                                   "`$secrets` is read as a whole.",
                                   "Read one of them, as in `$secrets.token`.");
        else
            check_secret(reading, node, name);
    }
}

// Evaluated when the call is sent: nothing of the run is there any more.
Template read_secret(Reading& reading, Node const& node, std::string const& text) {
    auto const compiled = Expression::compile(text, {"secrets"});
    if (!compiled) {
        for (auto const& problem : compiled.diagnostics())
            reading.problems.error(node, codes::invalid_expression, problem.message,
                                   "An expression with `$secrets` can read nothing else.");
    } else if (compiled->reads_input()) {
        reading.problems.error(node, codes::invalid_expression,
                               "An expression with `$secrets` can read nothing else, because it is "
                               "evaluated when the call is sent.",
                               "Take `.` out of it.");
    } else {
        check_secrets_in(reading, node, text);
    }
    return constant({{"secret", text}});
}

Template read_credential(Reading& reading, Node const& node) {
    if (node.is(Node::Kind::text)) {
        static std::regex const enclosed(R"(\s*\$\{([^]*)\}\s*)");
        std::smatch inside;
        auto const text = node.text();
        if (std::regex_match(text, inside, enclosed) &&
            inside[1].str().find("$secrets") != std::string::npos)
            return read_secret(reading, node, inside[1].str());
        return one("text", read_template(reading, node));
    }
    if (node.is(Node::Kind::number)) return constant({{"text", to_text(node.scalar)}});
    reading.problems.error(node, codes::wrong_type, "A credential must be text.");
    return Template();
}

void take(Reading& reading, Fields& fields, Members& members, char const* key,
          bool is_required = true) {
    if (auto const* node = is_required ? fields.require(key) : fields.find(key))
        members.emplace(key, read_credential(reading, *node));
}

// `use: NAME` of a secret that holds all of it.
bool take_whole_secret(Reading& reading, Fields& fields, Members& members) {
    auto const name = fields.text("use");
    if (!name) return false;
    check_secret(reading, *fields.find("use"), *name);
    members.emplace("use", constant(*name));
    return true;
}

std::string read_word(Reading& reading, Fields& fields, char const* key,
                      std::vector<std::string> const& here, std::vector<std::string> const& later) {
    auto const word = fields.text(key);
    if (!word) return {};
    auto const& node = *fields.find(key);
    if (std::ranges::find(later, *word) != later.end()) {
        reading.problems.unsupported(place_of(node), "`" + std::string(key) + ": " + *word + "`",
                                     "Use " + here.front() + ".");
    } else if (std::ranges::find(here, *word) == here.end()) {
        auto known = here;
        known.insert(known.end(), later.begin(), later.end());
        auto const near = did_you_mean(*word, known);
        reading.problems.error(node, codes::invalid_value,
                               "`" + *word + "` is no `" + std::string(key) + "`.",
                               near.empty() ? "Use " + here.front() + "." : near.substr(1));
    }
    return *word;
}

void read_client(Reading& reading, Fields& oauth, Members& members) {
    auto const* node = oauth.find("client");
    if (!node) return;
    Members client;
    Fields fields(*node, "`client`", reading.problems);
    take(reading, fields, client, "id", false);
    take(reading, fields, client, "secret", false);
    if (auto const* assertion = fields.member("assertion"))
        reading.problems.unsupported(place_of(*assertion), "`assertion` of a client",
                                     "Use `secret`.");
    auto const how = read_word(reading, fields, "authentication",
                               {"client_secret_post", "client_secret_basic", "none"},
                               {"client_secret_jwt", "private_key_jwt"});
    if (!how.empty()) client.emplace("authentication", constant(how));
    fields.finish();
    members.emplace("client", Template::map(std::move(client)));
}

void read_texts(Reading& reading, Fields& fields, char const* key, Members& members) {
    auto const* node = fields.find(key);
    if (!node || !expect(*node, Node::Kind::list, "`" + std::string(key) + "`", reading.problems))
        return;
    members.emplace(key, read_template(reading, *node));
}

// The endpoint of the tokens; `revocation` and `introspection` are for others.
void read_endpoints(Reading& reading, Fields& oauth, Members& members) {
    auto const* node = oauth.find("endpoints");
    if (!node) return;
    Fields fields(*node, "`endpoints`", reading.problems);
    if (auto const token = fields.text("token")) members.emplace("token", constant(*token));
    fields.find("revocation");
    fields.find("introspection");
    fields.finish();
}

void read_oauth(Reading& reading, Fields& fields, Members& members) {
    if (auto const* authority = fields.require("authority"))
        members.emplace("authority", read_address(reading, *authority));
    if (fields.require("grant"))
        members.emplace("grant", constant(read_word(
                                     reading, fields, "grant", {"client_credentials", "password"},
                                     {"authorization_code", "refresh_token",
                                      "urn:ietf:params:oauth:grant-type:token-exchange"})));
    read_client(reading, fields, members);
    read_endpoints(reading, fields, members);
    if (auto const* request = fields.find("request")) {
        Fields encoding(*request, "`request`", reading.problems);
        auto const word = read_word(reading, encoding, "encoding",
                                    {"application/x-www-form-urlencoded", "application/json"}, {});
        if (!word.empty()) members.emplace("encoding", constant(word));
        encoding.finish();
    }
    read_texts(reading, fields, "scopes", members);
    read_texts(reading, fields, "audiences", members);
    read_texts(reading, fields, "issuers", members);
    take(reading, fields, members, "username", false);
    take(reading, fields, members, "password", false);
    for (auto const* key : {"subject", "actor"})
        if (auto const* later = fields.member(key))
            reading.problems.unsupported(place_of(*later), "`" + std::string(key) + "` of a token",
                                         "Use another grant.");
}

std::optional<Template> read_scheme(Reading& reading, std::string const& scheme, Node const& node) {
    Members members;
    Fields fields(node, "`" + scheme + "`", reading.problems);
    if (!take_whole_secret(reading, fields, members)) {
        if (scheme == "bearer") {
            take(reading, fields, members, "token");
        } else if (scheme == "basic" || scheme == "digest") {
            take(reading, fields, members, "username");
            take(reading, fields, members, "password");
        } else {
            read_oauth(reading, fields, members);
        }
    }
    fields.finish();
    return one(scheme, Template::map(std::move(members)));
}

// A name in `use.authentications` stands for what is written there.
Node const* find_named(Reading& reading, Node const& node) {
    auto const name = read_text(node, "`use`", reading.problems);
    if (!name) return nullptr;
    auto const& known = reading.offers.authentications;
    auto const found = known.find(*name);
    if (found != known.end()) return found->second;
    std::vector<std::string> names;
    for (auto const& [key, definition] : known) names.push_back(key);
    auto const near = did_you_mean(*name, names);
    reading.problems.error(node, codes::unknown_reference,
                           "`use.authentications` has no `" + *name + "`.",
                           near.empty() ? "Define it there, or write it out." : near.substr(1));
    return nullptr;
}

}  // namespace

std::optional<Template> read_authentication(Reading& reading, Node const& node, Standing standing) {
    if (node.is(Node::Kind::text) && standing == Standing::inline_) {
        auto const* named = find_named(reading, node);
        return named ? read_authentication(reading, *named, Standing::named) : std::nullopt;
    }
    std::optional<Template> read;
    int schemes = 0;
    Fields fields(node, "`authentication`", reading.problems);
    if (auto const* use = standing == Standing::inline_ ? fields.find("use") : nullptr) {
        ++schemes;
        if (auto const* named = find_named(reading, *use))
            read = read_authentication(reading, *named, Standing::named);
    }
    for (auto const* scheme : {"basic", "bearer", "digest", "oauth2", "oidc"})
        if (auto const* found = fields.find(scheme)) {
            ++schemes;
            read = read_scheme(reading, scheme, *found);
        }
    if (auto const* certificate = fields.member("certificate")) {
        ++schemes;
        reading.problems.unsupported(place_of(*certificate), "Authentication by certificate",
                                     "Use basic, bearer, digest, oauth2 or oidc.");
    }
    fields.finish();
    if (schemes != 1 && node.is(Node::Kind::map))
        reading.problems.error(node, codes::invalid_value,
                               "`authentication` names exactly one of basic, bearer, digest, "
                               "oauth2, oidc and use.",
                               "Write `bearer: { token: '${ $secrets.token }' }`, or another one.");
    return read;
}

}  // namespace resolute::workflow
