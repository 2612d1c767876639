# SPDX-License-Identifier: MIT
# cmake -DIN=FILE -DNAME=name -DOUT=....c -P embed_text.cmake: a text file as a C string of that name.
file(STRINGS ${IN} lines ENCODING UTF-8)
set(rows "")
foreach(line IN LISTS lines)
  string(REPLACE "\\" "\\\\" line "${line}")
  string(REPLACE "\"" "\\\"" line "${line}")
  string(APPEND rows "    \"${line}\\n\"\n")
endforeach()
file(WRITE ${OUT} "extern const char ${NAME}[];
const char ${NAME}[] =
${rows};
")
