import { Button } from "@mantine/core";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";

/** A poor connection with what helps: one's own picture takes more of it than everything else. */
export function QualityBar() {
  const { call: words } = useWords();
  const { call } = useCallView();
  const { quality } = useObservable(call.media.health);
  const { camera } = useObservable(call.local);
  if (quality !== "poor") return null;
  const sends = camera.state === "live";
  return (
    <Bar tone="quiet">
      {sends ? words.network.remedy.camera : words.network.remedy.move}
      {sends && <Button onClick={() => call.local.closeCamera()}>{words.controls.cameraOff}</Button>}
    </Bar>
  );
}
