/** What people in a call write to one another. */
export const chat = {
  title: "Chat",
  kept: "Everybody in the call reads this. It is kept with the interview.",
  empty: "Nothing has been written yet.",
  write: "Message to everybody",
  send: "Send",
  sending: "Sending…",
  notSent: "Not sent yet. The call goes on.",
  again: "Send again",
  close: "Close chat",
  you: "You",
  open: (unread: number) => (unread === 0 ? "Chat" : unread === 1 ? "Chat, 1 unread" : `Chat, ${unread} unread`),
  short: "Chat",
  wrote: (name: string, text: string) => `${name} wrote: ${text}`,
  read: "Open chat",
  tooLong: (letters: number) => `${letters} letters too many`,
  review: "Chat of the interview",
};
