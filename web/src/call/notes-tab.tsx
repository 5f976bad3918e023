import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Covered } from "./covered.tsx";

// The editor weighs more than all the rest of a call: it comes when somebody opens notes.
const CallNotes = lazy(async () => ({ default: (await import("./call-notes.tsx")).CallNotes }));

/** Notes, where one opens them. They are for staff alone: covered while this page may be on a shared screen. */
export function NotesTab() {
  return (
    <Covered>
      <Suspense fallback={<Skeleton height="100%" />}>
        <CallNotes />
      </Suspense>
    </Covered>
  );
}
