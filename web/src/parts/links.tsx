import { Alert, Stack } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { InvitationLink } from "@verbatim/shared/api/interviews";
import { useWords } from "../words/words.ts";
import { CopyField } from "./copy-field.tsx";
import { isLocal } from "./is-local.ts";
import { withCommands } from "./with-commands.tsx";

export const invitedRoles = ["candidate", "observer", "co-interviewer"] as const;

type LinkList = { readonly links: readonly InvitationLink[] };

/** The ways in for others, each with what to do with it. */
export function Links({ links }: LinkList) {
  const { desk } = useWords();
  return (
    <Stack>
      <OnlyHere links={links} />
      {invitedRoles.flatMap((role) => {
        const link = links.find((one) => one.role === role);
        if (!link) return [];
        const { name, hint } = desk.links[role];
        return <CopyField key={role} name={name} hint={hint} value={link.url} copyName={desk.links.copy(name)} />;
      })}
    </Stack>
  );
}

/** For who copies a link that only works at home. */
export function OnlyHere({ links }: LinkList) {
  const { onlyHere } = useWords().desk.links;
  if (!links.some(({ url }) => isLocal(url))) return null;
  return (
    <Alert icon={<IconInfoCircle aria-hidden />} role="note" title={onlyHere.what}>
      {withCommands(onlyHere.now)}
    </Alert>
  );
}
