# SPDX-License-Identifier: MIT
# Warnings are errors with gcc and clang. Hardening flags as in deploy/README: cheap, and on in every build but fuzzing.
add_compile_options(
  -Wall -Wextra -Wpedantic -Werror
  -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla -Wundef
  -Wno-gnu-zero-variadic-macro-arguments
  -fstack-protector-strong -fno-strict-aliasing)
add_compile_definitions(_GNU_SOURCE)

if(CRISISCOVER_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  # The sanitizers' own data are 450,000 relocations in a daemon whose place is not fixed: 3,000 page faults at each start of a role.
  add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
  # Two hundred test programs are linked: mold takes a quarter of the time of gold, and gold half of that of the default linker.
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    include(CheckLinkerFlag)
    foreach(linker mold gold)
      check_linker_flag(C -fuse-ld=${linker} CRISISCOVER_LINKER_${linker})
      if(CRISISCOVER_LINKER_${linker})
        add_link_options(-fuse-ld=${linker})
        break()
      endif()
    endforeach()
  endif()
else()
  # _FORTIFY_SOURCE and the sanitizers do not go together.
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>
    -fstack-clash-protection $<$<C_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero>) # clang 14 needs a second flag for it
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
  # Marks where jumps may land and keeps a second stack of return addresses, where processor and kernel have that (x86 alone).
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|i[3-6]86)$")
    add_compile_options(-fcf-protection)
  endif()
endif()

# The pure parts do the work of the heaviest tests. In a Debug build with sanitizers they are optimised a little: those tests take two thirds of
# the processor, the compiler a third more of these folders. To step through one of them: -DCRISISCOVER_PURE_FLAGS=-O0.
set(CRISISCOVER_PURE_FLAGS -O1 -fno-var-tracking CACHE STRING "flags of calendars and server/model in a Debug build with sanitizers")
function(crisiscover_pure target)
  if(CRISISCOVER_SANITIZE)
    target_compile_options(${target} PRIVATE "$<$<AND:$<CONFIG:Debug>,$<C_COMPILER_ID:GNU>>:${CRISISCOVER_PURE_FLAGS}>")
  endif()
endfunction()

if(CRISISCOVER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link) # so that libFuzzer sees which ways were taken
endif()
