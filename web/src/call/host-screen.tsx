import { useState } from "react";
import { CallFloor } from "./call-floor.tsx";
import { Rail } from "./rail.tsx";
import { RecordingControls } from "./recording-controls.tsx";
import { RefusalBar } from "./refusal-bar.tsx";
import { useControl } from "./use-control.ts";
import { useWide } from "./use-wide.ts";

/** The interviewer's and co-interviewers' call, with the rail at its side. */
export function HostScreen() {
  const wide = useWide();
  const [open, setOpen] = useState<boolean>();
  const control = useControl();
  const shown = open ?? wide;
  return (
    <CallFloor
      rail={{ open: shown, toggle: () => setOpen(!shown), content: <Rail suggestions="below" /> }}
      recording={<RecordingControls control={control} />}
      refusal={<RefusalBar control={control} />}
    />
  );
}
