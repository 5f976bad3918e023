import { CallFloor } from "./call-floor.tsx";

/** The candidate's call: no rail, no recording controls, no suggestions. */
export function CandidateScreen() {
  return <CallFloor />;
}
