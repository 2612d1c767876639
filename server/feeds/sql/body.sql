-- SPDX-License-Identifier: MIT

-- The bytes of a body.
--
-- takes
--   $1 sha256  bytea
-- gives
--   bytes  bytea
prepare feeds_body as
select bytes
from body
where sha256 = $1;
