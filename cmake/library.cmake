# SPDX-License-Identifier: MIT
# The two rules of the project, written once.

# crisiscover_library(NAME [LINKS lib...]): every .c file of this folder is one library. It can include and link only what
# LINKS names, so the include direction of the README is kept by the linker and not by good intentions.
function(crisiscover_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${arg_LINKS})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${arg_LINKS})
  endif()
endfunction()

# crisiscover_tests(LABEL LINKS lib... [MORE source...] [ALONE stem...]): every test_*.c of this folder is one cmocka program and one ctest of that
# label. All of a folder are linked once, into the program "tests", which runs the one by whose name it is called; each has a link to it of its name.
# ALONE: those that are linked in another way than the others, each a program of its own.
function(crisiscover_tests label)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS;MORE;ALONE")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/test_*.c)
  file(RELATIVE_PATH place ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" place "${place}")
  set(together)
  foreach(source ${sources})
    get_filename_component(stem ${source} NAME_WE)
    set(name ${place}_${stem})
    if(stem IN_LIST arg_ALONE)
      add_executable(${name} ${source})
      set_target_properties(${name} PROPERTIES OUTPUT_NAME ${stem})
      crisiscover_test_program(${name} ${arg_LINKS})
      add_test(NAME ${name} COMMAND ${name})
    else()
      list(APPEND together ${source})
      add_test(NAME ${name} COMMAND ${CMAKE_CURRENT_BINARY_DIR}/${stem})
    endif()
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 900)
    # What has random cases runs with more of them in `tests/run long`.
    file(STRINGS ${source} random REGEX "^#include \"tests/support/rounds.h\"")
    if(random)
      set_property(TEST ${name} APPEND PROPERTY LABELS rounds)
    endif()
  endforeach()
  if(together)
    crisiscover_tests_together(${place}_tests "${together}")
    target_sources(${place}_tests PRIVATE ${arg_MORE})
    crisiscover_test_program(${place}_tests ${arg_LINKS})
  endif()
endfunction()

function(crisiscover_test_program target)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${target} PRIVATE SOURCE_ROOT="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE ${ARGN} PkgConfig::CMOCKA)
endfunction()

# Each source's main() gets a name of its own, which is declared before the source, and a row in the table of the program's own main().
function(crisiscover_tests_together target sources)
  set(mains)
  set(rows)
  foreach(source ${sources})
    get_filename_component(stem ${source} NAME_WE)
    file(STRINGS ${source} takes REGEX "^main\\(.*\\)$")
    if(takes STREQUAL "main(void)")
      string(APPEND mains "int main_of_${stem}(void);\n")
      string(APPEND rows "    {\"${stem}\", main_of_${stem}, NULL},\n")
    else()
      string(APPEND mains "int main_of_${stem}(int argc, char **argv);\n")
      string(APPEND rows "    {\"${stem}\", NULL, main_of_${stem}},\n")
    endif()
    set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS main=main_of_${stem})
    set_property(SOURCE ${source} APPEND PROPERTY COMPILE_OPTIONS -include ${CMAKE_CURRENT_BINARY_DIR}/mains.h)
    file(CREATE_LINK tests ${CMAKE_CURRENT_BINARY_DIR}/${stem} SYMBOLIC)
  endforeach()
  file(CONFIGURE OUTPUT mains.h CONTENT "${mains}")
  configure_file(${PROJECT_SOURCE_DIR}/tests/support/tests.c.in tests.c)
  add_executable(${target} ${sources} ${CMAKE_CURRENT_BINARY_DIR}/tests.c)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME tests)
endfunction()

# crisiscover_sql(NAME): the statements of this folder's sql/*.sql become <folder>/NAME_sql.h, which C includes, and a part of the library NAME.
# What their heads promise is NAME_heads.inc beside it, for the test that holds them to it.
function(crisiscover_sql name)
  file(GLOB sql CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sql/*.sql)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/${name}_sql.h ${CMAKE_CURRENT_BINARY_DIR}/${name}_sql.c
    ${CMAKE_CURRENT_BINARY_DIR}/${name}_heads.inc)
  add_custom_command(OUTPUT ${made}
    COMMAND ${PYTHON3} -B ${PROJECT_SOURCE_DIR}/server/pg/embed.py ${made} ${sql}
    DEPENDS ${sql} ${PROJECT_SOURCE_DIR}/server/pg/embed.py
    VERBATIM)
  add_custom_target(${name}_statements DEPENDS ${made})
  target_sources(${name} PRIVATE ${made})
  target_include_directories(${name} PUBLIC ${PROJECT_BINARY_DIR})
endfunction()
