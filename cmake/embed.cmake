# Writes a C++ source that holds the bytes of INPUT as the std::string_view NAME, which HEADER
# declares in NAMESPACE.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
get_filename_component(file ${INPUT} NAME)
set(source "// Generated from ${file}.\n#include \"${HEADER}\"\n\n")
string(APPEND source "namespace ${NAMESPACE} {\nnamespace {\n")
string(APPEND source "unsigned char const bytes[] = {${bytes}};\n}\n")
string(APPEND source "std::string_view const ${NAME}(reinterpret_cast<char const*>(bytes),\n")
string(APPEND source "                                    sizeof bytes);\n}\n")
file(WRITE ${OUTPUT} "${source}")
