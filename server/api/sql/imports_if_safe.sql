-- SPDX-License-Identifier: MIT

-- Previews of mode if_safe that wait to be judged.
--
-- gives
--   id          bigint
--   by_account  text
prepare api_imports_if_safe as
select id, by_account
from import
where state = 'preview' and mode = 'if_safe' and safe
order by id
limit 1000;
