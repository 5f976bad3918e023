import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";
import { FaultText } from "./fault.tsx";
import type { Code } from "./fetch-code.ts";

type Props<T> = {
  readonly code: Code<T>;
  readonly waiting: ReactNode;
  readonly children: (here: T) => ReactNode;
};

/** A place on the page whose code is fetched by itself; it says so when that takes more than one try. */
export function WithCode<T>({ code, waiting, children }: Props<T>) {
  const { failures, desk } = useWords();
  if (code.here !== undefined) return children(code.here);
  if (!code.missed) return waiting;
  return (
    <FaultText remedy={failures.partMissing}>
      {/* A newer server no longer has this page's parts: no number of tries brings them. */}
      <Button mt={12} variant="default" onClick={() => window.location.reload()}>
        {desk.loadAgain}
      </Button>
    </FaultText>
  );
}
