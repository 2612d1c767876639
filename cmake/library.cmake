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

# crisiscover_tests(LABEL LINKS lib...): every test_*.c of this folder is one cmocka program and one ctest of that label.
function(crisiscover_tests label)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/test_*.c)
  file(RELATIVE_PATH place ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" place "${place}")
  foreach(source ${sources})
    get_filename_component(stem ${source} NAME_WE)
    set(name ${place}_${stem})
    add_executable(${name} ${source})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${stem})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${name} PRIVATE SOURCE_ROOT="${PROJECT_SOURCE_DIR}")
    target_link_libraries(${name} PRIVATE ${arg_LINKS} PkgConfig::CMOCKA)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 900)
  endforeach()
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
