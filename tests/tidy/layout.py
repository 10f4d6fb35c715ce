"""Who may include whom, and which library may be used where; docs/architecture.md draws it."""

ROOTS_THAT_SEE_ALL = ("cmake", "cli", "bench", "tests", "examples")
NOT_OF_THE_PROGRAM = ("tests/*", "bench/*", "cmake/*")  # any library may be used there

# What reads documents of any kind: YAML with places, typed members, durations, expressions.
READING = ["workflow/yaml", "workflow/fields", "workflow/problems", "workflow/duration",
           "workflow/expression"]

# The longest folder that matches a file decides. An entry is a folder or the stem of a file.
MAY_INCLUDE = {
    "base": [],
    "net": ["base"],
    "engine": ["base"],
    "engine/store": ["engine", "base"],
    "engine/shell": ["engine", "engine/store", "net", "base"],
    "workflow": ["engine", "base"],
    "workflow/sdk": ["engine", "base"],
    "policy": [*READING, "base"],
    "approvals": ["engine", "engine/store", "policy", "base"],
    "memory": ["engine", "engine/store", "policy", "base"],
    "mcp": ["net", "base"],
    "inference": ["engine", "net", "base"],
    "tools": ["engine", "policy", "approvals", "mcp", "net", *READING, "base"],
    "webhooks": ["engine/store", "net", "tools/base64", "tools/retry_after", "base"],
    "console": ["engine", "engine/store", "engine/shell", "workflow", "policy", "approvals",
                "memory", "tools", "inference", "net", "base"],
}

# The first part of an include in angle brackets -> where it may stand, and what to do elsewhere.
LIBRARIES = {
    "nlohmann/": (["base/*json*"], "include base/json.h"),
    "jsoncons": (["base/json_schema*.cpp"], "validate through base/json_schema.h"),
    "spdlog/": (["base/log.cpp"], "write through base/log.h"),
    "openssl/": (["base/*.cpp", "net/*.cpp"], "use base/digest.h or the clients of net"),
    "sodium": (["base/*.cpp"], "use the functions of base"),
    "boost/beast": (["net/*"], "use the HTTP client and server of net"),
    "boost/asio": (["net/*", "engine/shell/*", "base/clock*", "mcp/*", "tools/*", "inference/*",
                    "console/*", "cli/*"], "keep the core free of threads and sockets"),
    "pqxx/": (["engine/store/*.cpp"], "go through engine/store"),
    "libpq": (["engine/store/*.cpp", "cli/private_postgres.cpp"], "go through engine/store"),
    "yaml": (["workflow/yaml*.cpp"], "read through workflow/yaml.h"),
    "jq.h": (["workflow/*jq*.cpp"], "evaluate through workflow/expression.h"),
    "jv.h": (["workflow/*jq*.cpp"], "evaluate through workflow/expression.h"),
    "cctz/": (["workflow/time_zone.cpp"], "use workflow/time_zone.h"),
    "CLI/": (["cli/*.cpp", "cli/arguments.h",
             "examples/*.cpp", "bench/*.cpp"], "take options as values"),
}

# The pure core takes time and chance as values and does nothing to the world.
PURE = ("engine", "workflow", "policy")
IMPURE_HEADERS = ("thread", "mutex", "condition_variable", "future", "fstream", "filesystem",
                  "random", "iostream", "unistd.h", "sys/")
# jq runs programs that we did not write: in a process of its own, which can be stopped.
MAY_TOUCH_THE_WORLD = ("workflow/jq_process*", "workflow/*_file*", "policy/*_file*")

# Files that own what nobody else may touch.
SYSTEM_CLOCK = ("base/clock.cpp",)
ENVIRONMENT = ("cli/config*",)

NEED_README = (*MAY_INCLUDE, "cli", "bench", "migrations", "tests", "examples/batch",
               "examples/code_first", "examples/escalation", "examples/refund", "scripts")


def folder_of(path):
    """The entry of MAY_INCLUDE that a path belongs to, or its first folder."""
    parts = path.split("/")
    deep = "/".join(parts[:2])
    return deep if deep in MAY_INCLUDE else parts[0]
