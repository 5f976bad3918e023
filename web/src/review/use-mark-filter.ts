import type { MarkFilter } from "@verbatim/shared/marks/listed";
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

/** Which annotations are shown stands in the address, so that it can be handed on and gone back to. */
export function useMarkFilter(): readonly [MarkFilter, (next: MarkFilter) => void] {
  const [search, setSearch] = useSearchParams();
  const filter: MarkFilter = useMemo(
    () => ({ tag: search.get("tag") ?? "", by: search.get("by") ?? "", speaker: search.get("speaker") ?? "" }),
    [search],
  );
  const setFilter = useCallback(
    (next: MarkFilter): void =>
      setSearch(
        (before) => {
          for (const [what, value] of Object.entries(next)) {
            if (value === "") before.delete(what);
            else before.set(what, value);
          }
          return before;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return [filter, setFilter];
}
