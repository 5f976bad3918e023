import { Button } from "@mantine/core";
import { useState } from "react";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";

/** A camera that was wanted in the call and did not open, or stopped. Who came in without one is not asked about it. */
export function CameraBar() {
  const words = useWords().cameraBar;
  const { call, entry } = useCallView();
  const { camera } = useObservable(call.local);
  const [atFirst] = useState(camera);
  if (entry.role === "observer" || camera.state !== "failed" || camera === atFirst) return null;
  return (
    <Bar tone="attention">
      {words[camera.why]}
      <Button onClick={() => void call.local.openCamera()}>{words.again}</Button>
      <Button variant="default" onClick={call.local.closeCamera}>
        {words.without}
      </Button>
    </Bar>
  );
}
