# SPDX-License-Identifier: MIT
# cmake -DFOLDER=… -DOUT=… -P digest.cmake: a C file with a digest of everything that shapes a reading.
file(GLOB_RECURSE sources RELATIVE ${FOLDER} ${FOLDER}/*.c ${FOLDER}/*.h ${FOLDER}/*.txt)
list(SORT sources)
set(all "")
foreach(source ${sources})
  file(SHA256 ${FOLDER}/${source} digest)
  string(APPEND all "${source} ${digest}\n")
endforeach()
string(SHA256 digest "${all}")
file(CONFIGURE OUTPUT ${OUT} CONTENT "#include \"calendars/reading.h\"

const char *
reading_digest(void)
{
	return \"${digest}\";
}
")
