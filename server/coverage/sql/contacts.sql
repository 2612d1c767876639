-- SPDX-License-Identifier: MIT

-- Reminds of contacts that nobody has checked, given every such contact.
--
-- takes
--   $1 kinds          text[]   person, service
--   $2 codes          text[]
--   $3 organisations  text[]
--   $4 days           integer  after which the same contact is told again
-- gives
--   flags  integer
prepare coverage_contacts as
select contacts_remind($1, $2, $3, $4) as flags;
