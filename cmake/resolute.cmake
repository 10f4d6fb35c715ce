# One static library per folder, one test program per folder; every file is listed by name.
#
# Presets with clang compile eight files of a target as one (CMAKE_UNITY_BUILD), which halves a
# build from nothing: names in their unnamed namespaces must differ. GCC sees each file by itself.
#
#   resolute_library(<folder> FILES a.cpp b.cpp DEPS base PRIVATE_DEPS Foo::foo [OPTIMISED])
#   resolute_program(<name>   FILES main.cpp DEPS ... [OPTIMISED])
#   resolute_test(<name>      FILES x_test.cpp DEPS ... [LABELS slow] [TIMEOUT seconds])

option(RESOLUTE_PRECOMPILE "Parse the headers that nearly every file includes only once" OFF)
set(RESOLUTE_OPTIMISE "" CACHE STRING "Options of the targets that are OPTIMISED: pure code that \
simulations run through many thousand times, also in builds that optimise nothing else")

# One target makes a precompiled header, and every target that names it uses it: clang only, because
# the other preset must see each file as it is.
function(resolute_precompile name)
  if(RESOLUTE_PRECOMPILE)
    add_library(${name} STATIC ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
    resolute_compile_settings(${name})
    target_link_libraries(${name} PRIVATE ${ARGN})
    # Without the time of its making in it, ccache can tell that a header is the same as before.
    target_compile_options(${name} PRIVATE -Xclang -fno-pch-timestamp)
  endif()
endfunction()

function(resolute_use_precompiled target from)
  if(RESOLUTE_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${from})
    target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)
  endif()
endfunction()

function(resolute_compile_settings target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE ${RESOLUTE_WARNINGS})
endfunction()

# A precompiled header fits only targets that are optimised alike, so there is one of each kind.
function(resolute_choose_optimisation target optimised)
  if(optimised)
    target_compile_options(${target} PRIVATE ${RESOLUTE_OPTIMISE})
    resolute_use_precompiled(${target} resolute_precompiled_optimised)
  else()
    resolute_use_precompiled(${target} resolute_precompiled)
  endif()
endfunction()

function(resolute_library name)
  cmake_parse_arguments(arg "OPTIMISED" "" "FILES;DEPS;PRIVATE_DEPS" ${ARGN})
  string(REPLACE "/" "_" target ${name})
  add_library(resolute_${target} STATIC ${arg_FILES})
  resolute_compile_settings(resolute_${target})
  resolute_choose_optimisation(resolute_${target} ${arg_OPTIMISED})
  foreach(dep ${arg_DEPS})
    if(TARGET ${dep} OR dep MATCHES "::")
      target_link_libraries(resolute_${target} PUBLIC ${dep})
    else()
      string(REPLACE "/" "_" dep_target ${dep})
      target_link_libraries(resolute_${target} PUBLIC resolute_${dep_target})
    endif()
  endforeach()
  target_link_libraries(resolute_${target} PRIVATE ${arg_PRIVATE_DEPS})
endfunction()

function(resolute_link target)
  foreach(dep ${ARGN})
    if(TARGET ${dep} OR dep MATCHES "::")
      target_link_libraries(${target} PRIVATE ${dep})
    else()
      string(REPLACE "/" "_" dep_target ${dep})
      target_link_libraries(${target} PRIVATE resolute_${dep_target})
    endif()
  endforeach()
endfunction()

function(resolute_program name)
  cmake_parse_arguments(arg "OPTIMISED" "" "FILES;DEPS" ${ARGN})
  add_executable(${name} ${arg_FILES})
  resolute_compile_settings(${name})
  resolute_choose_optimisation(${name} ${arg_OPTIMISED})
  resolute_link(${name} ${arg_DEPS})
  # Not in builds for work, because the sanitizers bring an allocator of their own.
  if(JEMALLOC_LIBRARY AND CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    target_link_libraries(${name} PRIVATE ${JEMALLOC_LIBRARY})
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

function(resolute_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "FILES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${arg_FILES})
  resolute_compile_settings(${name})
  resolute_use_precompiled(${name} resolute_precompiled_tests)
  resolute_link(${name} ${arg_DEPS} resolute_catch)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
    ENVIRONMENT
    "RESOLUTE_SOURCE_DIR=${PROJECT_SOURCE_DIR};RESOLUTE_BIN_DIR=${PROJECT_BINARY_DIR}/bin")
endfunction()

option(RESOLUTE_FAILPOINTS "Let tests kill, pause and cut off a process at named lines" OFF)

# resolute_failpoints(a.cpp b.cpp): the files of this folder with such lines (base/failpoint.h).
function(resolute_failpoints)
  # With definitions of their own they are compiled alone. So they are without, too: were the groups
  # different, names could clash in one preset only.
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(RESOLUTE_FAILPOINTS)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_DEFINITIONS RESOLUTE_FAILPOINTS)
  endif()
endfunction()

resolute_precompile(resolute_precompiled)
resolute_precompile(resolute_precompiled_optimised)
if(RESOLUTE_PRECOMPILE)
  target_precompile_headers(resolute_precompiled PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.h)
  target_compile_options(resolute_precompiled_optimised PRIVATE ${RESOLUTE_OPTIMISE})
  target_precompile_headers(resolute_precompiled_optimised PRIVATE
    ${PROJECT_SOURCE_DIR}/cmake/precompiled.h)
endif()

# resolute_embed(VARIABLE TEXT HEADER NAMESPACE NAME): the file TEXT becomes part of the program, as
# the std::string_view NAME that HEADER declares in NAMESPACE. VARIABLE is the source to compile.
function(resolute_embed variable text header namespace name)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}_text.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${text} -DOUTPUT=${output}
            -DHEADER=${header} -DNAMESPACE=${namespace} -DNAME=${name}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${text} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  set(${variable} ${output} PARENT_SCOPE)
endfunction()
