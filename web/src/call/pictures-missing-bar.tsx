import { useWords } from "../words/words.ts";
import { Bar } from "./bar.tsx";
import { useCallView } from "./call-view.ts";

/** A camera is on and not recorded: staff learn it now, and not from the recording. */
export function PicturesMissingBar() {
  const { call: words } = useWords();
  const { recording } = useCallView();
  return recording.pictures === "missing" ? <Bar tone="quiet">{words.picturesMissing}</Bar> : null;
}
