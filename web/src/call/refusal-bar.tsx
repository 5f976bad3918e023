import { Button } from "@mantine/core";
import { remedyOf } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import type { RecordingControl } from "./use-control.ts";

/** Why a change of the recording was refused, until that was read or is no longer so. */
export function RefusalBar({ control: { refusal, dismiss } }: { control: RecordingControl }) {
  const words = useWords();
  if (!refusal) return null;
  const { what, still, now } = remedyOf(refusal, words).remedy;
  return (
    <Bar tone="attention">
      {`${what} ${still} ${now}`}
      <Button variant="default" onClick={dismiss}>
        {words.call.dismiss}
      </Button>
    </Bar>
  );
}
