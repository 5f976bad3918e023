import type { Context, Next } from "koa";
import helmet from "koa-helmet";

/** What our pages may do; everything else is refused by the browser. */
export function securityHeaders(options: { readonly secure: boolean; readonly signalUrl: (ctx: Context) => string }) {
  const base = helmet({
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: options.secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: "deny" },
  });
  return async (ctx: Context, next: Next): Promise<void> => {
    const signal = new URL(options.signalUrl(ctx)).origin;
    // Safari counts websockets of the same origin as 'self' only since 16; naming it costs nothing.
    const own = `${options.secure ? "wss" : "ws"}://${ctx.host}`;
    ctx.set(
      "content-security-policy",
      [
        "default-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        `connect-src 'self' ${own} ${signal}`,
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "script-src 'self'",
        // Mantine writes style attributes and one style element for its theme's variables.
        "style-src 'self' 'unsafe-inline'",
      ].join("; "),
    );
    ctx.set(
      "permissions-policy",
      "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), geolocation=(), payment=(), usb=()",
    );
    await base(ctx, next);
  };
}
