/** Whose colour a name has. Who asks beside the interviewer has one of their own; everybody else is on the interviewer's side. */
export const sideOf = (role: string | undefined): "candidate" | "interviewer" | "co-interviewer" =>
  role === "candidate" || role === "co-interviewer" ? role : "interviewer";
