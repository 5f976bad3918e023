import type { Context } from "koa";
import { type InterviewId, type Role, TenantId } from "@verbatim/shared/ids";

const nameOf = (interview: InterviewId, role: Role): string => `vb_${role}_${interview}`;

/** `{tenant}.{secret}`: the form of link tokens and seat cookies. The tenant says behind which wall to look. */
const FORM = /^([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/;
export type Token = { readonly tenantId: TenantId; readonly secret: string };

/** Undefined for anything that we never gave out. */
export function readToken(text: string | undefined): Token | undefined {
  const [, tenant, secret] = FORM.exec(text ?? "") ?? [];
  const tenantId = TenantId.safeParse(tenant);
  return tenantId.success && secret !== undefined ? { tenantId: tenantId.data, secret } : undefined;
}

/** One cookie per interview and role, so that staff, candidate and observer tabs live side by side. */
export function seatCookie(ctx: Context, interview: InterviewId, role: Role): Token | undefined {
  return readToken(ctx.cookies.get(nameOf(interview, role)));
}

export function setSeatCookie(
  ctx: Context,
  seat: { readonly interviewId: InterviewId; readonly role: Role; readonly token: Token; readonly expires: Date },
  secure: boolean,
): void {
  const parts = [
    `${nameOf(seat.interviewId, seat.role)}=${seat.token.tenantId}.${seat.token.secret}`,
    "Path=/",
    `Expires=${seat.expires.toUTCString()}`,
    "HttpOnly",
    "SameSite=Lax",
    ...(secure ? ["Secure"] : []),
  ];
  ctx.append("set-cookie", parts.join("; "));
}

/** As fetch's Headers, for better-auth's server API. */
export function headersOf(ctx: Context): Headers {
  const cookie = ctx.get("cookie");
  return new Headers(cookie === "" ? {} : { cookie });
}
