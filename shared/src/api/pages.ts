/** Pages whose addresses are sent to people or printed. A token stands alone in the fragment, which no server sees. */
export const pages = {
  /** `#{token}` of a sign-in link, or none. */
  signIn: "/sign-in",
  /** `#{tenant}.{secret}` of an invitation, for every role; opening it tells interview and role. */
  join: "/join",
} as const;

export const pageUrl = (publicUrl: string, page: keyof typeof pages, token: string): string =>
  `${publicUrl}${pages[page]}#${token}`;
