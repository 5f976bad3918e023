-- Safe while an older version runs: it widens a right.
-- The master of an assembly is told as soon as it can be played, its speakers' files a little later.
grant update (result) on verbatim.assembly to verbatim_app;
