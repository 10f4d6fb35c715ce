// Reads `emit` and `listen`: events in the sense of CloudEvents 1.0.
#include <algorithm>
#include <array>

#include "base/spelling.h"
#include "base/utf8.h"
#include "workflow/reading.h"

namespace resolute::workflow {
namespace {

constexpr std::array attributes{"id",      "source",     "type", "time",
                                "subject", "dataschema", "data", "datacontenttype"};

// ".data.order" as its members; nothing for any other expression.
std::vector<std::string> plain_path(Node const& node) {
    if (!node.is(Node::Kind::text)) return {};
    std::string_view text = node.text();
    if (text.starts_with("${") && text.ends_with('}')) text = text.substr(2, text.size() - 3);
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    std::vector<std::string> path;
    while (text.starts_with('.')) {
        text.remove_prefix(1);
        auto const end = text.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        if (end == 0 || text.empty()) return {};
        path.emplace_back(text.substr(0, end));
        text.remove_prefix(path.back().size());
    }
    return text.empty() ? path : std::vector<std::string>();
}

std::map<std::string, Template> read_attributes(Reading& reading, Fields& with) {
    std::map<std::string, Template> read;
    for (auto const* key : attributes)
        if (auto const* value = with.find(key)) read.emplace(key, read_template(reading, *value));
    // Extension attributes are lower-case letters and digits.
    for (auto const& member : with.node().members)
        if (!read.contains(member.key) &&
            member.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") ==
                std::string::npos &&
            did_you_mean(member.key, {attributes.begin(), attributes.end()}).empty())
            read.emplace(member.key, read_template(reading, *with.find(member.key)));
    return read;
}

void read_correlation(Reading& reading, Node const& node, EventFilter& filter) {
    if (!expect(node, Node::Kind::map, "`correlate`", reading.problems)) return;
    for (auto const& member : node.members) {
        Fields fields(member.value, "Correlation `" + member.key + "`", reading.problems);
        EventFilter::Key key;
        if (auto const* from = fields.require("from")) {
            key.from = read_template(reading, *from, {.text = Text::bare});
            key.path = plain_path(*from);
        }
        if (auto const* value = fields.find("expect")) key.expect = read_template(reading, *value);
        fields.finish();
        filter.correlate.emplace(member.key, std::move(key));
    }
}

EventFilter read_filter(Reading& reading, Node const& node) {
    EventFilter filter;
    Fields fields(node, "An event filter", reading.problems);
    if (auto const* value = fields.require("with")) {
        Fields with(*value, "`with`", reading.problems);
        filter.with = read_attributes(reading, with);
        with.finish();
        auto const* type = value->find("type");
        bool const is_name = type && type->is(Node::Kind::text) &&
                             type->text().find("${") == std::string::npos &&
                             !type->text().empty() && !has_control_character(type->text());
        if (is_name)
            filter.type = type->text();
        else
            reading.problems.unsupported(place_of(type ? *type : *value),
                                         "An event filter without the name of a `type`",
                                         "Write `type:` out, and filter by other attributes.");
        filter.with.erase("type");
    }
    if (auto const* correlate = fields.find("correlate"))
        read_correlation(reading, *correlate, filter);
    fields.finish();
    return filter;
}

void read_filters(Reading& reading, Node const& node, Listen& what) {
    if (what.mode == Listen::Mode::one) {
        what.filters.push_back(read_filter(reading, node));
        return;
    }
    if (!expect(node, Node::Kind::list, "A list of event filters", reading.problems)) return;
    for (auto const& item : node.items) what.filters.push_back(read_filter(reading, item));
    if (node.items.empty())
        reading.problems.unsupported(place_of(node), "Listening for every event",
                                     "List the types that you listen for.");
}

}  // namespace

void read_emit(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<Emit>();
    Fields emit(*fields.find("emit"), "`emit`", reading.problems);
    if (auto const* event = emit.require("event")) {
        Fields inner(*event, "`event`", reading.problems);
        if (auto const* value = inner.require("with")) {
            Fields with(*value, "`with`", reading.problems);
            for (auto const* key : {"source", "type"}) with.require(key);
            what.with = read_attributes(reading, with);
            with.finish();
        }
        inner.finish();
    }
    emit.finish();
}

void read_consumption(Reading& reading, Node const& node, std::string const& name, Listen& what) {
    Fields choice(node, name, reading.problems);
    int count = 0;
    auto take = [&](char const* key, Listen::Mode mode) {
        auto const* wanted = choice.find(key);
        if (!wanted || ++count > 1) return;
        what.mode = mode;
        read_filters(reading, *wanted, what);
    };
    take("one", Listen::Mode::one);
    take("any", Listen::Mode::any);
    take("all", Listen::Mode::all);
    auto const* until = choice.find("until");
    if (until && until->is(Node::Kind::map))
        reading.problems.unsupported(place_of(*until), "`until` with an event filter",
                                     "Write a condition over the events so far.");
    else
        what.until = read_condition(reading, until);
    if (until && what.mode != Listen::Mode::any)
        reading.problems.error(*until, codes::invalid_value,
                               "`until` belongs to `any`: the others end by themselves.",
                               "Remove it.");
    choice.finish();
    if (count != 1 && node.is(Node::Kind::map))
        reading.problems.error(node, codes::invalid_value,
                               name + " names exactly one of one, any and all.");
}

void read_listen(Reading& reading, Fields& fields, Step& step) {
    auto& what = step.what.emplace<Listen>();
    Fields listen(*fields.find("listen"), "`listen`", reading.problems);
    if (auto const* to = listen.require("to")) read_consumption(reading, *to, "`to`", what);
    auto const read = listen.text("read").value_or("data");
    what.envelope = read == "envelope";
    if (read != "data" && read != "envelope" && read != "raw")
        reading.problems.error(*listen.find("read"), codes::invalid_value,
                               "`read` is data, envelope or raw.");
    listen.finish();
    if (auto const* each = fields.member("foreach"))
        reading.problems.unsupported(place_of(*each), "`foreach` of a `listen`",
                                     "Loop over the step's output with a `for`.");
}

}  // namespace resolute::workflow
