# SPDX-License-Identifier: MIT
# cmake -DIN="a.json;b.json" -DOUT=….c -P embed.cmake: the starter packs as bytes, in the order of IN.
set(bytes "")
set(rows "")
foreach(file IN LISTS IN)
  get_filename_component(code ${file} NAME_WE)
  string(MAKE_C_IDENTIFIER ${code} name)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," hex "${hex}")
  string(APPEND bytes "static const char ${name}[] = {${hex}};\n")
  string(APPEND rows "    {\"${code}\", ${name}, sizeof ${name}},\n")
endforeach()
file(WRITE ${OUT} "#include \"server/model/starter_pack_files.h\"

${bytes}
const struct starter_pack_file starter_pack_files[] = {
${rows}};
const size_t starter_pack_nfiles = sizeof starter_pack_files / sizeof *starter_pack_files;
")
