-- SPDX-License-Identifier: MIT

-- What came of an attempt to send a message.
--
-- takes
--   $1 id       bigint
--   $2 outcome  text     sent, later, refused
--   $3 words    text     the receipt, or why not
--   $4 after    integer  not before so many seconds
-- gives
--   state  text  null: the message had ended
prepare notify_done as
select notify_done($1, $2, $3, $4) as state;
