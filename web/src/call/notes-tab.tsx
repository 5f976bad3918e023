import { Skeleton } from "@mantine/core";
import { useCode } from "../parts/use-code.ts";
import { WithCode } from "../parts/with-code.tsx";
import { Covered } from "./covered.tsx";

// The editor weighs more than all the rest of a call: it comes when somebody opens notes.
const loadNotes = () => import("./call-notes.tsx");

/** Notes, where one opens them. They are for staff alone: covered while this page may be on a shared screen. */
export function NotesTab() {
  const notes = useCode(loadNotes);
  return (
    <Covered>
      <WithCode code={notes} waiting={<Skeleton height="100%" />}>
        {({ CallNotes }) => <CallNotes />}
      </WithCode>
    </Covered>
  );
}
