-- The flags after an id, in order.
--
-- takes
--   $1 epoch  integer
--   $2 seq    bigint
--   $3 most   bigint   how many
-- gives
--   epoch          integer
--   seq            bigint
--   place          text
--   function       text
--   payload        text     JSON
--   was_published  boolean  before: subscribers may have it
prepare flags_next as
select epoch, seq, place, function, payload, published_at is not null as was_published
from crisiscover.flag
where (epoch, seq) > ($1::integer, $2::bigint)
order by epoch, seq
limit $3;
