# Writes a C++ source that holds the bytes of INPUT as console::openapi_json.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUTPUT} "// Generated from console/openapi.json.\n#include \"console/openapi.h\"\n\nnamespace resolute::console {\nnamespace {\nunsigned char const bytes[] = {${bytes}};\n}\nstd::string_view const openapi_json(reinterpret_cast<char const*>(bytes), sizeof bytes);\n}  // namespace resolute::console\n")
