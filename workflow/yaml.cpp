#include "workflow/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "base/error_codes.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "workflow/yaml_scalar.h"

namespace resolute::workflow {
namespace {

struct Stop {};  // thrown out of the parser after a diagnostic that leaves nothing to read

constexpr std::string_view tag_prefix = "tag:yaml.org,2002:";

// Builds nodes from the parser's events.
class Builder final : public YAML::EventHandler {
  public:
    explicit Builder(std::string const& file) : file_(file) {}

    void OnDocumentStart(YAML::Mark const& mark) override {
        if (++documents_ == 2)
            stop(mark, "This is a second document; a file holds one.",
                 "Put it into a file of its own.");
    }
    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
        if (expects_key())
            stop(mark, "A key is missing here.", "Write the key in front of the colon.");
        add(node_at(mark, Node::Kind::null), anchor);
    }
    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  std::string const& value) override;
    void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override;
    void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        begin(mark, tag, anchor, Node::Kind::list);
    }
    void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        begin(mark, tag, anchor, Node::Kind::map);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapEnd() override { end(); }

    void report(YAML::Mark const& mark, std::string message, std::string remedy);
    Diagnostics& problems() { return problems_; }
    Node take() { return std::move(root_); }

  private:
    struct Open {
        Node node;
        YAML::anchor_t anchor = 0;
        std::optional<Node::Member> member;  // a key that waits for its value
        std::set<std::string> keys;
    };

    [[noreturn]] void stop(YAML::Mark const& mark, std::string message, std::string remedy) {
        report(mark, std::move(message), std::move(remedy));
        throw Stop{};
    }
    bool expects_key() const {
        return !open_.empty() && open_.back().node.is(Node::Kind::map) && !open_.back().member;
    }
    Node node_at(YAML::Mark const& mark, Node::Kind kind) const;
    void count(YAML::Mark const& mark, std::size_t more);
    void begin(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
               Node::Kind kind);
    void end();
    void add_key(YAML::Mark const& mark, std::string const& key);
    void add(Node node, YAML::anchor_t anchor);

    std::string const& file_;
    Diagnostics problems_;
    Node root_;
    int documents_ = 0;
    std::size_t nodes_ = 0;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Node> anchors_;
};

std::size_t size_of(Node const& node) {
    std::size_t size = 1;
    for (auto const& item : node.items) size += size_of(item);
    for (auto const& member : node.members) size += size_of(member.value);
    return size;
}

void Builder::report(YAML::Mark const& mark, std::string message, std::string remedy) {
    problems_.push_back({.code = codes::malformed_yaml,
                         .message = std::move(message),
                         .remedy = std::move(remedy),
                         .file = file_,
                         .line = mark.line + 1,
                         .column = mark.column + 1,
                         .pointer = {}});
}

Node Builder::node_at(YAML::Mark const& mark, Node::Kind kind) const {
    Node node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
}

void Builder::count(YAML::Mark const& mark, std::size_t more) {
    nodes_ += more;
    if (nodes_ > limits::yaml_nodes)
        stop(mark,
             "The document has more than " + std::to_string(limits::yaml_nodes) +
                 " values, aliases written out.",
             "Split it, or use fewer aliases.");
}

void Builder::begin(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                    Node::Kind kind) {
    auto const core = std::string(tag_prefix) + (kind == Node::Kind::list ? "seq" : "map");
    if (!tag.empty() && tag != "?" && tag != "!" && tag != core)
        report(mark, "The tag `" + tag + "` is not known.", "Remove it.");
    if (expects_key()) stop(mark, "A key must be text.", "Put it in quotes.");
    if (open_.size() >= static_cast<std::size_t>(limits::yaml_depth))
        stop(mark,
             "Lists and maps are nested deeper than " + std::to_string(limits::yaml_depth) + ".",
             "Flatten them.");
    count(mark, 1);
    open_.push_back({.node = node_at(mark, kind), .anchor = anchor, .member = {}, .keys = {}});
}

void Builder::end() {
    auto done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor) anchors_[done.anchor] = done.node;
    add(std::move(done.node), 0);
}

void Builder::OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                       std::string const& value) {
    count(mark, 1);
    auto node = node_at(mark, Node::Kind::text);
    node.style = tag == "?" ? Node::Style::plain : Node::Style::quoted;
    node.scalar = value;
    if (expects_key()) {
        if (anchor) anchors_[anchor] = node;
        return add_key(mark, value);
    }
    auto word = std::string_view(tag);
    if (word.starts_with(tag_prefix))
        word.remove_prefix(tag_prefix.size());
    else if (word != "?" && word != "!") {
        report(mark, "The tag `" + tag + "` is not known.", "Remove it.");
        word = "!";
    }
    auto resolved = resolve_scalar(value, word);
    if (!resolved.problem.empty())
        report(mark, std::move(resolved.problem), std::move(resolved.remedy));
    node.kind = resolved.kind;
    node.scalar = std::move(resolved.value);
    add(std::move(node), anchor);
}

void Builder::OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) {
    auto const found = anchors_.find(anchor);
    if (found == anchors_.end())
        stop(mark, "This alias stands inside the value that it names.", "Write the value out.");
    if (expects_key()) {
        if (!found->second.is(Node::Kind::text))
            stop(mark, "A key must be text.", "Write the key out.");
        return add_key(mark, found->second.text());
    }
    count(mark, size_of(found->second));
    add(found->second, 0);
}

void Builder::add_key(YAML::Mark const& mark, std::string const& key) {
    auto& map = open_.back();
    if (!map.keys.insert(key).second)
        report(mark, "The key `" + key + "` is here twice.", "Remove one of them.");
    map.member = Node::Member{key, mark.line + 1, mark.column + 1, {}};
}

void Builder::add(Node node, YAML::anchor_t anchor) {
    if (anchor) anchors_[anchor] = node;
    if (open_.empty()) {
        root_ = std::move(node);
    } else if (auto& around = open_.back(); around.node.is(Node::Kind::list)) {
        around.node.items.push_back(std::move(node));
    } else {
        if (node.is(Node::Kind::null) &&
            node.line != around.member->line) {  // nothing follows the key
            node.line = around.member->line;
            node.column = around.member->column;
        }
        around.member->value = std::move(node);
        around.node.members.push_back(std::move(*around.member));
        around.member.reset();
    }
}

void assign_pointers(Node& node, std::string const& pointer) {
    node.pointer = pointer;
    for (std::size_t i = 0; i < node.items.size(); ++i)
        assign_pointers(node.items[i], pointer + "/" + std::to_string(i));
    for (auto& member : node.members)
        assign_pointers(member.value, pointer + "/" + pointer_token(member.key));
}

YAML::Mark mark_of(std::string_view text, std::size_t offset) {
    YAML::Mark mark;
    auto const before = text.substr(0, offset);
    auto const line = before.rfind('\n');
    mark.line = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    mark.column = static_cast<int>(line == std::string_view::npos ? offset : offset - line - 1);
    return mark;
}

// What the parser would misread or stop at without a word.
bool is_readable(std::string_view text, Builder& builder) {
    if (text.size() > limits::yaml_bytes) {
        builder.report({},
                       "The text is longer than " + std::to_string(limits::yaml_bytes) + " bytes.",
                       "Split it.");
        return false;
    }
    if (auto const valid = valid_utf8_prefix(text); valid != text.size()) {
        builder.report(mark_of(text, valid), "This is not UTF-8 text.", "Save the file as UTF-8.");
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if ((byte >= 0x20 && byte != 0x7f) || byte == '\t' || byte == '\n' || byte == '\r')
            continue;
        builder.report(mark_of(text, i), "A control character stands here.", "Remove it.");
        return false;
    }
    return true;
}

// The usual slips, by the words of the parser and by what stands in the line.
std::string remedy_of(std::string const& complaint, std::string const& line) {
    if (line.find("${") != std::string::npos)
        return "Put the expression in quotes: an unquoted `: `, ` #`, `{` or `}` means something "
               "else in YAML.";
    if (line.find('\t') != std::string::npos) return "Indent with spaces, not with tabs.";
    if (complaint.find("map value") != std::string::npos)
        return "Put text that contains `: ` in quotes.";
    if (complaint.find("anchor") != std::string::npos)
        return "Define it with `&name` before it is used.";
    return "Compare the indentation and the quotes with the lines above.";
}

}  // namespace

Node const* Node::find(std::string_view key) const {
    for (auto const& member : members)
        if (member.key == key) return &member.value;
    return nullptr;
}

std::string_view line_of(std::string_view text, int number) {
    for (int i = 1; i < number; ++i) text.remove_prefix(std::min(text.size(), text.find('\n') + 1));
    return text.substr(0, text.find('\n'));
}

std::string_view to_string(Node::Kind kind) {
    switch (kind) {
        case Node::Kind::null: return "nothing";
        case Node::Kind::boolean: return "true or false";
        case Node::Kind::number: return "a number";
        case Node::Kind::text: return "text";
        case Node::Kind::list: return "a list";
        case Node::Kind::map: return "a map";
    }
    return "unknown";
}

Result<Node> read_yaml(std::string_view text, std::string const& file) {
    Builder builder(file);
    if (!is_readable(text, builder)) return std::move(builder.problems());
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (Stop const&) {
    } catch (YAML::Exception const& e) {
        builder.report(e.mark, "This is not YAML: " + e.msg + ".",
                       remedy_of(e.msg, std::string(line_of(text, e.mark.line + 1))));
    }
    if (!builder.problems().empty()) return std::move(builder.problems());
    auto root = builder.take();
    if (root.line == 0) root.line = root.column = 1;
    assign_pointers(root, "");
    return root;
}

Json to_json(Node const& node) {
    if (node.is(Node::Kind::list)) {
        Json list = Json::array();
        for (auto const& item : node.items) list.push_back(to_json(item));
        return list;
    }
    if (node.is(Node::Kind::map)) {
        Json map = Json::object();
        for (auto const& member : node.members) map[member.key] = to_json(member.value);
        return map;
    }
    return node.scalar;
}

}  // namespace resolute::workflow
