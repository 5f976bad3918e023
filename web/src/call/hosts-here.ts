import type { Participant } from "@verbatim/shared/control/protocol";
import { hosts } from "@verbatim/shared/ids";

/** Names of the hosts who see now who waits. One who is away does not. */
export const hostsHere = (participants: readonly Participant[]): string[] =>
  participants.flatMap(({ role, presence, name }) => (hosts(role) && presence === "here" ? [name] : []));
