-- SPDX-License-Identifier: MIT

-- Makes the partitions of the coming months, drops those that are kept no longer, and deletes old bodies, reports and notes.
--
-- takes
--   $1 body_days  bigint    days that bodies are kept
--   $2 tables     text[]    of the record
--   $3 days       bigint[]  that each is kept
-- gives
--   made     integer  partitions
--   dropped  integer  partitions
--   bodies   bigint   whose bytes were deleted
--   remarks  bigint   reports and notes
-- time-out 60 s
prepare coverage_maintain as
select made, dropped, bodies, remarks
from record_maintain($1, $2, $3);
