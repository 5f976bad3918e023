import { Text } from "@mantine/core";
import type { Entry } from "@verbatim/shared/api/call";
import { useObservable } from "../observable/use-observable.ts";
import { useOwned } from "../observable/use-owned.ts";
import { useWords } from "../words/words.ts";
import type { MarkStore } from "./mark-store.ts";
import { lastMarks } from "./mark-stores.ts";

/** After the call: whether what was annotated is stored. Who came by a link has no other page to send it from. */
export function LastMarks({ entry }: { entry: Entry }) {
  const store = useOwned(() => lastMarks(entry));
  return store ? <Sending store={store} /> : null;
}

function Sending({ store }: { store: MarkStore }) {
  const { marks: words } = useWords();
  const { waiting, refused } = useObservable(store);
  return (
    <div role="status">
      {waiting.length > 0 && <Text my={12}>{words.last.saving}</Text>}
      {waiting.length === 0 && refused.length === 0 && <Text my={12}>{words.last.saved}</Text>}
      {refused.map(({ id, refused: why }) => (
        <Text key={id} my={12}>
          {words.refused(why ?? "")}
        </Text>
      ))}
    </div>
  );
}
