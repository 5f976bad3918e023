import { Button } from "@mantine/core";
import { speaks } from "@verbatim/shared/ids";
import { useEffect, useState } from "react";
import { type Leak, watchLeak } from "../media/leak/watch-leak.ts";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";

/** Asks this person alone for headphones while their microphone hears their loudspeaker. Hidden once, it stays so. */
export function LeakBar() {
  const { call: words } = useWords();
  const { call, entry } = useCallView();
  const [leak, setLeak] = useState<Leak>("none");
  const [hidden, setHidden] = useState(false);
  const { local, media } = call;
  const speaker = speaks(entry.role);
  useEffect(() => {
    if (!speaker || hidden) return;
    return watchLeak(local, media.remotes, setLeak);
  }, [speaker, hidden, local, media]);
  if (hidden || leak === "none") return null;
  return (
    <Bar tone="quiet">
      {words.leak[leak]}
      <Button variant="default" onClick={() => setHidden(true)}>
        {words.leak.hide}
      </Button>
    </Bar>
  );
}
