#include "cli/completion.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace resolute::cli {
namespace {

// A command by its words: "start", "policy test".
struct Verb {
    std::string words;
    CLI::App const* app = nullptr;
};

std::vector<CLI::App const*> inner(CLI::App const& app) {
    return app.get_subcommands([](CLI::App const*) { return true; });
}

// Longer ones first, because a shell takes the first that fits.
std::vector<Verb> verbs_of(CLI::App const& app) {
    std::vector<Verb> verbs;
    for (auto const* sub : inner(app)) {
        for (auto const* deeper : inner(*sub))
            verbs.insert(verbs.begin(), {sub->get_name() + " " + deeper->get_name(), deeper});
        verbs.push_back({sub->get_name(), sub});
    }
    return verbs;
}

std::string names_in(CLI::App const& app) {
    std::string names;
    for (auto const* sub : inner(app)) names += (names.empty() ? "" : " ") + sub->get_name();
    return names;
}

std::string options_of(CLI::App const& app) {
    std::string options;
    for (auto const* option : app.get_options())
        for (auto const& name : option->get_lnames())
            options += (options.empty() ? "--" : " --") + name;
    return options;
}

bool takes_workflow(CLI::App const& app) {
    auto const options = app.get_options();
    return std::ranges::any_of(options, [](CLI::Option const* option) {
        return option->get_positional() && option->get_name(true) == "workflow";
    });
}

// In single quotes for a shell.
std::string in_quotes(std::string const& text) {
    std::string safe = "'";
    for (char const c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return safe + "'";
}

constexpr char bash_head[] =
    R"(# Tab completion of resolute for bash: source <(resolute completion bash)
_resolute() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
    local inner= options= workflow=
    case "${COMP_WORDS[*]:1:COMP_CWORD-1} " in
)";
constexpr char bash_tail[] = R"(    esac
    local words=$inner
    if [[ $word == -* ]]; then words=$options
    elif [[ $before == --workflow ]] || [[ -n $workflow && $before == "$workflow" ]]; then
        words=$(resolute completion workflows 2>/dev/null)
    fi
    COMPREPLY=($(compgen -W "$words" -- "$word" || :))
}
complete -o default -F _resolute resolute
)";

std::string for_bash(CLI::App const& app) {
    std::string script = bash_head;
    auto add = [&](std::string const& pattern, CLI::App const& about) {
        script += "    " + pattern + ") inner=" + in_quotes(names_in(about)) +
                  " options=" + in_quotes(options_of(about)) +
                  (takes_workflow(about) ? " workflow=" + about.get_name() : "") + " ;;\n";
    };
    for (auto const& verb : verbs_of(app)) add("'" + verb.words + " '*", *verb.app);
    add("' '", app);
    return script + bash_tail;
}

std::string for_fish(CLI::App const& app) {
    std::string script =
        "# Tab completion of resolute for fish: resolute completion fish | source\n";
    std::string const line = "complete -c resolute -n ";
    for (auto const* sub : inner(app))
        script += line + "__fish_use_subcommand -f -a " + sub->get_name() + " -d " +
                  in_quotes(sub->get_description()) + "\n";
    for (auto const& verb : verbs_of(app)) {
        std::string seen;
        for (auto const& word : CLI::detail::split(verb.words, ' '))
            seen += (seen.empty() ? "__fish_seen_subcommand_from "
                                  : "; and __fish_seen_subcommand_from ") +
                    word;
        for (auto const* deeper : inner(*verb.app))
            script += line + in_quotes(seen) + " -f -a " + deeper->get_name() + " -d " +
                      in_quotes(deeper->get_description()) + "\n";
        for (auto const* option : verb.app->get_options())
            for (auto const& name : option->get_lnames())
                script += line + in_quotes(seen) + " -l " + name + " -d " +
                          in_quotes(option->get_description()) + "\n";
        if (takes_workflow(*verb.app))
            script += line + in_quotes(seen) + " -a '(resolute completion workflows)'\n";
    }
    return script;
}

}  // namespace

std::string completion_script(CLI::App const& app, std::string const& shell) {
    if (shell == "bash") return for_bash(app);
    if (shell == "fish") return for_fish(app);
    // zsh runs bash's completions by itself once it is asked to.
    if (shell == "zsh")
        return "#compdef resolute\nautoload -U +X bashcompinit && bashcompinit\n" + for_bash(app);
    return {};
}

}  // namespace resolute::cli
