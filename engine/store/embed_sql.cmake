# Turns .sql files into a C++ source, so that no path matters at run time. Run by `cmake -P`.
#
#   -DNAMESPACE=resolute::store::queries -DHEADER=engine/store/queries.h
#   -DOUTPUT=<path without ending> -DFILES=a.sql|b.sql
#
# Every file becomes a `Query const <file name>`; `all()` lists them in the given order. A line
# `\ir parts/x.sql` stands for that file of the same folder, as it does for psql.

set(header "// Generated from the .sql files of this folder.\n#pragma once\n\n")
string(APPEND header "#include <vector>\n\n")
string(APPEND header "#include \"engine/store/query.h\"\n\nnamespace ${NAMESPACE} {\n\n")
set(source "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n")
set(list "")
string(REPLACE "|" ";" FILES "${FILES}")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME_WE)
  if(name MATCHES "^[0-9]")
    set(identifier "migration_${name}")
  else()
    set(identifier "${name}")
  endif()
  file(READ ${file} text)
  get_filename_component(folder ${file} DIRECTORY)
  while(text MATCHES "\\\\ir ([a-z_/]+\\.sql)\n")
    set(line "${CMAKE_MATCH_0}")
    file(READ ${folder}/${CMAKE_MATCH_1} part)
    string(REPLACE "${line}" "${part}" text "${text}")
  endwhile()
  # A raw literal cannot hold more than a compiler promises, so it is put together from pieces.
  string(LENGTH "${text}" length)
  set(literal "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 piece)
    string(APPEND literal "R\"sql(${piece})sql\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  string(APPEND header "extern ::resolute::store::Query const ${identifier};\n")
  string(APPEND source "::resolute::store::Query const ${identifier}{\"${name}\", ${literal}};\n")
  string(APPEND list "${identifier}, ")
endforeach()
string(APPEND header "\nstd::vector<::resolute::store::Query> all();\n\n}\n")
string(APPEND source "\nstd::vector<::resolute::store::Query> all() { return {${list}}; }\n\n}\n")
file(WRITE ${OUTPUT}.h "${header}")
file(WRITE ${OUTPUT}.cpp "${source}")
