// libpqxx 6.4 forgets one answer of 2 KB whenever a connection is lost in the middle of a
// statement. The leak sanitizer asks for this list by its name; without it nobody calls this.
extern "C" char const* __lsan_default_suppressions();  // NOLINT: the sanitizer's name
extern "C" char const* __lsan_default_suppressions() { return "leak:libpqxx-6.4\n"; }
