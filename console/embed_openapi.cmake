# Writes a C++ source that holds the bytes of INPUT as console::openapi_json.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
set(source "// Generated from console/openapi.json.\n#include \"console/openapi.h\"\n\n")
string(APPEND source "namespace resolute::console {\nnamespace {\n")
string(APPEND source "unsigned char const bytes[] = {${bytes}};\n}\n")
string(APPEND source "std::string_view const openapi_json(reinterpret_cast<char const*>(bytes),\n")
string(APPEND source "                                    sizeof bytes);\n}\n")
file(WRITE ${OUTPUT} "${source}")
