import { CallFloor } from "./call-floor.tsx";
import { StopRecordingMe } from "./stop-recording-me.tsx";

/** The candidate's call: no rail, no suggestions, and of the recording's controls the one that nobody can take. */
export function CandidateScreen() {
  return <CallFloor recording={<StopRecordingMe />} />;
}
