import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useRouteError } from "react-router";
import { useWords } from "../words/words.ts";
import { DeskFrame } from "./desk-frame.tsx";
import { Fault, FaultText } from "./fault.tsx";
import { CallFailed } from "../api/failure.ts";

/** A page that broke, or a chunk that a newer server no longer has. */
export function RootFault() {
  const { failures, desk } = useWords();
  const thrown = useRouteError();
  useEffect(() => reportError(thrown), [thrown]);
  const again = (): void => window.location.reload();
  return (
    <DeskFrame narrow>
      {thrown instanceof CallFailed ? (
        <Fault thrown={thrown} again={again} />
      ) : (
        <FaultText remedy={failures.misunderstood}>
          <Button mt={12} variant="default" onClick={again}>
            {desk.loadAgain}
          </Button>
        </FaultText>
      )}
    </DeskFrame>
  );
}
