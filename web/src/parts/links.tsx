import { Stack } from "@mantine/core";
import type { InvitationLink } from "@verbatim/shared/api/interviews";
import type { z } from "zod";
import { useWords } from "../words/words.ts";
import { CopyField } from "./copy-field.tsx";

/** The ways in for others, each with what to do with it. */
export function Links({ links }: { links: readonly z.infer<typeof InvitationLink>[] }) {
  const { desk } = useWords();
  const order = ["candidate", "observer", "co-interviewer"] as const;
  return (
    <Stack>
      {order.flatMap((role) => {
        const link = links.find((one) => one.role === role);
        if (!link) return [];
        const { name, hint } = desk.links[role];
        return <CopyField key={role} name={name} hint={hint} value={link.url} copyName={desk.links.copy(name)} />;
      })}
    </Stack>
  );
}
