# SPDX-License-Identifier: MIT
# cmake -DIN=lexicon.txt -DOUT=….c -P lexicon.cmake: the phrases of the lexicon as a C table.
file(STRINGS ${IN} lines ENCODING UTF-8)
set(rows "")
foreach(line IN LISTS lines)
  if(NOT line MATCHES "^([a-z_]+) ([^\"\\]+)$")
    message(FATAL_ERROR "${IN}: a line is a meaning, a blank and a phrase, not: ${line}")
  endif()
  string(TOUPPER ${CMAKE_MATCH_1} meaning)
  string(APPEND rows "    {\"${CMAKE_MATCH_2}\", WORD_${meaning}},\n")
endforeach()
file(WRITE ${OUT} "#include \"calendars/titles/lexicon.h\"

const struct lexicon_entry lexicon_entries[] = {
${rows}};
const size_t lexicon_nentries = sizeof lexicon_entries / sizeof *lexicon_entries;
")
