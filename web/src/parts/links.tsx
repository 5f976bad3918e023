import { Alert, Stack } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
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
      {links.some(({ url }) => isLocal(url)) && (
        <Alert icon={<IconInfoCircle aria-hidden />} role="note" title={desk.links.onlyHere.what}>
          {desk.links.onlyHere.now}
        </Alert>
      )}
      {order.flatMap((role) => {
        const link = links.find((one) => one.role === role);
        if (!link) return [];
        const { name, hint } = desk.links[role];
        return <CopyField key={role} name={name} hint={hint} value={link.url} copyName={desk.links.copy(name)} />;
      })}
    </Stack>
  );
}

/** Everybody else's localhost is their own machine. */
function isLocal(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}
