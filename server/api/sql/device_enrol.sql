-- SPDX-License-Identifier: MIT

-- Uses a device's code, once.
--
-- takes
--   $1 code  bytea  its hash
-- gives
--   account  text  null: nobody's
prepare api_device_enrol as
select device_enrol($1) as account;
