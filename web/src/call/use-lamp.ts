import { useNow } from "../clock/use-now.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { type LampView, lampView } from "./lamp-view.ts";

/** The lamp as it stands this second. */
export function useLamp(): LampView {
  const { call } = useWords();
  const { recording, state, cutOffAtMs } = useCallView();
  const nowMs = useNow() + state.clockOffsetMs;
  const cutOffMs = cutOffAtMs === null ? null : cutOffAtMs + state.clockOffsetMs;
  return lampView(recording, { nowMs, cutOffMs }, call.lamp);
}
