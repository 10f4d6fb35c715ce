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

// The store looks for the type where it has a name; an expression is for the step to look at.
void read_type(Reading& reading, Node const* type, EventFilter& filter) {
    bool const is_expression =
        type && type->is(Node::Kind::text) && type->text().find("${") != std::string::npos;
    if (!type || is_expression) return;
    filter.with.erase("type");
    auto const name = read_text(*type, "`type`", reading.problems);
    if (!name) return;
    filter.type = *name;
    if (name->empty() || has_control_character(*name))
        reading.problems.error(*type, codes::invalid_value,
                               "The `type` of an event is text that is not empty and has no "
                               "control characters.",
                               "Leave `type` out to listen for every type.");
}

EventFilter read_filter(Reading& reading, Node const& node) {
    EventFilter filter;
    Fields fields(node, "An event filter", reading.problems);
    if (auto const* value = fields.require("with")) {
        Fields with(*value, "`with`", reading.problems);
        filter.with = read_attributes(reading, with);
        with.finish();
        read_type(reading, value->find("type"), filter);
    }
    if (auto const* correlate = fields.find("correlate"))
        read_correlation(reading, *correlate, filter);
    fields.finish();
    return filter;
}

std::vector<EventFilter> read_filters(Reading& reading, Node const& node, Listen::Mode mode) {
    std::vector<EventFilter> filters;
    if (mode == Listen::Mode::one) {
        filters.push_back(read_filter(reading, node));
        return filters;
    }
    if (!expect(node, Node::Kind::list, "A list of event filters", reading.problems)) return {};
    for (auto const& item : node.items) filters.push_back(read_filter(reading, item));
    if (node.items.empty() && mode == Listen::Mode::any) filters.emplace_back();  // every event
    if (node.items.empty() && mode == Listen::Mode::all)
        reading.problems.error(node, codes::invalid_value, "`all` lists no event.",
                               "List the events that are waited for.");
    return filters;
}

// Which events are meant: exactly one of one, any and all.
std::vector<EventFilter> read_choice(Reading& reading, Fields& choice, std::string const& name,
                                     Listen::Mode& mode) {
    std::vector<EventFilter> filters;
    int count = 0;
    auto take = [&](char const* key, Listen::Mode found) {
        auto const* node = choice.find(key);
        if (!node || ++count > 1) return;
        mode = found;
        filters = read_filters(reading, *node, found);
    };
    take("one", Listen::Mode::one);
    take("any", Listen::Mode::any);
    take("all", Listen::Mode::all);
    if (count != 1 && choice.node().is(Node::Kind::map))
        reading.problems.error(choice.node(), codes::invalid_value,
                               name + " names exactly one of one, any and all.");
    return filters;
}

// A condition over the events so far, or an event that ends it.
void read_until(Reading& reading, Node const& until, Listen& what) {
    if (!until.is(Node::Kind::map)) {
        what.until = read_condition(reading, &until);
        return;
    }
    Fields choice(until, "`until`", reading.problems);
    what.until_events = read_choice(reading, choice, "`until`", what.until_mode);
    choice.finish();
}

// The steps that each event goes through, in the order in which they came.
void read_each(Reading& reading, Node const& node, Step& step, Listen& what) {
    auto& each = what.each.emplace();
    Fields fields(node, "`foreach`", reading.problems);
    if (auto item = read_variable(reading, fields.find("item"))) each.item = *item;
    if (auto at = read_variable(reading, fields.find("at"))) each.at = *at;
    if (each.item == each.at)
        reading.problems.error(node, codes::invalid_name,
                               "`item` and `at` name the same variable `" + each.item + "`.",
                               "Give them different names.");
    Binding const variables(reading, {each.item, each.at});
    if (auto const* body = fields.find("do"))
        read_block(reading, *body, each.body, {.path = "foreach/do", .around = &step});
    each.output = read_shaping(reading, fields.find("output"), Side::output);
    each.exported = read_export(reading, fields);
    fields.finish();
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
    what.filters = read_choice(reading, choice, name, what.mode);
    auto const* until = choice.find("until");
    if (until) read_until(reading, *until, what);
    if (until && what.mode != Listen::Mode::any)
        reading.problems.error(*until, codes::invalid_value,
                               "`until` belongs to `any`: the others end by themselves.",
                               "Remove it.");
    choice.finish();
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
    if (auto const* each = fields.find("foreach")) read_each(reading, *each, step, what);
}

}  // namespace resolute::workflow
