import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { Interview, InvitationLink } from "@verbatim/shared/api/interviews";
import { pageUrl } from "@verbatim/shared/api/pages";
import type { InterviewId, TenantId } from "@verbatim/shared/ids";
import type { TenantTrx } from "../database/database.ts";
import type { LinkTable } from "../database/people-tables.ts";
import { hashSecret, linkSecret } from "./link-token.ts";

export type LinkRole = Selectable<LinkTable>["role"];
export const linkRoles = ["candidate", "co-interviewer", "observer"] as const satisfies readonly LinkRole[];

export async function insertLink(
  trx: TenantTrx,
  link: Pick<Selectable<LinkTable>, "tenant_id" | "interview_id" | "role">,
  key: string,
): Promise<void> {
  const id = randomUUID();
  const secret_hash = hashSecret(linkSecret(key, { id, generation: 1 }));
  await trx
    .insertInto("link")
    .values({ ...link, id, generation: 1, secret_hash })
    .execute();
}

/** The links that work, with their secrets made again from the key. */
export async function workingLinks(
  trx: TenantTrx,
  of: { readonly tenantId: TenantId; readonly interviewId: InterviewId },
  how: { readonly linkKey: string; readonly publicUrl: string },
): Promise<InvitationLink[]> {
  const links = await trx
    .selectFrom("link")
    .select(["id", "role", "generation", "created_at"])
    .where("interview_id", "=", of.interviewId)
    .where("revoked_at", "is", null)
    .orderBy("role")
    .execute();
  return links.map((link) => ({
    role: link.role,
    url: pageUrl(how.publicUrl, "join", `${of.tenantId}.${linkSecret(how.linkKey, link)}`),
    since: link.created_at.toISOString(),
  }));
}

/** Roles whose last link was withdrawn, and when. */
export async function withdrawnLinks(trx: TenantTrx, interviewId: InterviewId): Promise<Interview["withdrawnLinks"]> {
  const last = await trx
    .selectFrom("link")
    .select(["role", "revoked_at"])
    .distinctOn("role")
    .where("interview_id", "=", interviewId)
    .orderBy("role")
    .orderBy("revoked_at", (order) => order.desc().nullsFirst())
    .execute();
  return last.flatMap(({ role, revoked_at }) => (revoked_at ? [{ role, since: revoked_at.toISOString() }] : []));
}

/** Ends a role's link, and the seats of everybody who came in by it. Answers how many seats those were. */
export async function revokeLinks(trx: TenantTrx, interviewId: InterviewId, role: LinkRole, at: Date): Promise<number> {
  const revoked = await trx
    .updateTable("link")
    .set({ revoked_at: at })
    .where("interview_id", "=", interviewId)
    .where("role", "=", role)
    .where("revoked_at", "is", null)
    .returning("id")
    .execute();
  if (revoked.length === 0) return 0;
  const removed = await trx
    .updateTable("seat")
    .set({ removed_at: at })
    .where(
      "link_id",
      "in",
      revoked.map(({ id }) => id),
    )
    .where("removed_at", "is", null)
    .returning("id")
    .execute();
  return removed.length;
}

/**
 * Takes back the last withdrawal of a role's link, with the seats that it closed: those carry its time, and what a host
 * closed stays closed. Answers how many seats those were, or nothing when a link works or none was withdrawn.
 */
export async function restoreLink(
  trx: TenantTrx,
  interviewId: InterviewId,
  role: LinkRole,
): Promise<number | undefined> {
  const last = await trx
    .selectFrom("link")
    .select(["id", "revoked_at"])
    .where("interview_id", "=", interviewId)
    .where("role", "=", role)
    .orderBy("revoked_at", (order) => order.desc().nullsFirst())
    .executeTakeFirst();
  if (!last?.revoked_at) return undefined;
  await trx.updateTable("link").set({ revoked_at: null }).where("id", "=", last.id).execute();
  const back = await trx
    .updateTable("seat")
    .set({ removed_at: null })
    .where("link_id", "=", last.id)
    .where("removed_at", "=", last.revoked_at)
    .returning("id")
    .execute();
  return back.length;
}
