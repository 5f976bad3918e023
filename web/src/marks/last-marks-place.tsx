import type { Entry } from "@verbatim/shared/api/call";
import { useCode } from "../parts/use-code.ts";
import { WithCode } from "../parts/with-code.tsx";

const loadLastMarks = () => import("./last-marks.tsx");

/** Its code is fetched where this device keeps annotations, by nobody else. */
export function LastMarksPlace({ entry }: { entry: Entry }) {
  const code = useCode(loadLastMarks);
  return (
    <WithCode code={code} waiting={null}>
      {({ LastMarks }) => <LastMarks entry={entry} />}
    </WithCode>
  );
}
