import { Button } from "@mantine/core";
import { Link } from "react-router";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { FaultText } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";

export function Component() {
  const { desk, failures } = useWords();
  return (
    <DeskFrame narrow>
      <FaultText remedy={failures.codes.not_found}>
        <Button component={Link} to="/" variant="default" mt={12}>
          {desk.back}
        </Button>
      </FaultText>
    </DeskFrame>
  );
}
