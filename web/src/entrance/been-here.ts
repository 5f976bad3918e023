import { z } from "zod";

/**
 * What this tab was doing in the call before a reload: then the device check is not asked again, and whoever was
 * muted comes back muted.
 */
const Before = z.object({ muted: z.boolean(), camera: z.boolean() });
export type Before = z.infer<typeof Before>;

const keyOf = (interviewId: string, role: string): string => `verbatim.in-call.${interviewId}.${role}`;

export const rememberInCall = (storage: Storage, interviewId: string, role: string, before: Before): void =>
  storage.setItem(keyOf(interviewId, role), JSON.stringify(before));

export const forgetInCall = (storage: Storage, interviewId: string, role: string): void =>
  storage.removeItem(keyOf(interviewId, role));

/** What was, when the tab was in the call and the microphone needs no question now; else undefined. */
export async function whatWas(
  storage: Storage,
  permissions: Permissions,
  interviewId: string,
  role: string,
): Promise<Before | undefined> {
  const kept = storage.getItem(keyOf(interviewId, role));
  const before = kept === null ? undefined : parse(kept);
  if (!before) return undefined;
  try {
    const { state } = await permissions.query({ name: "microphone" });
    return state === "granted" ? before : undefined;
  } catch {
    // A browser that does not know the name asks when the microphone opens, which the call's page can show.
    return before;
  }
}

function parse(kept: string): Before | undefined {
  try {
    return Before.safeParse(JSON.parse(kept)).data;
  } catch {
    // Written by something else: as if it were not there.
    return undefined;
  }
}
