import { useContext } from "react";
import { useObservable } from "../observable/use-observable.ts";
import { ReplayBar } from "../replay/replay-bar.tsx";
import { ReplayContext } from "../replay/replay-context.ts";
import { useCallView } from "./call-view.ts";

/** What was said a moment ago, played while the call goes on. */
export function ReplayInCall() {
  const { call } = useCallView();
  const { speakerId } = useObservable(call.local);
  const replay = useContext(ReplayContext);
  return replay ? <ReplayBar replay={replay} speakerId={speakerId} /> : null;
}
